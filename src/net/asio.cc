// The part of Asio that need not be compiled into each file that uses it.
#include <boost/asio/impl/src.hpp>
