#include "seaworthy/net/socket_address.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace seaworthy::net {
namespace {

TEST(SocketAddressTest, ReadsAndPrints) {
  struct Case {
    std::string text;
    SocketAddress expected;
    std::string printed;
  };

  const std::vector<Case> cases{
      {"127.0.0.1:8443", {"127.0.0.1", 8443}, "127.0.0.1:8443"},
      {"0.0.0.0:0", {"0.0.0.0", 0}, "0.0.0.0:0"},
      {":8443", {"", 8443}, ":8443"},
      {"[::1]:65535", {"::1", 65535}, "[::1]:65535"},
      {"localhost:80", {"127.0.0.1", 80}, "127.0.0.1:80"},
  };
  for (const Case& c : cases) {
    const auto address = parse_socket_address(c.text);
    ASSERT_TRUE(address) << address.error().message;
    EXPECT_EQ(*address, c.expected) << c.text;
    EXPECT_EQ(to_string(*address), c.printed);
  }
}

TEST(SocketAddressTest, SaysWhatIsWrong) {
  struct Case {
    std::string text;
    std::string message;
  };

  const std::vector<Case> cases{
      {"8443", "\"8443\" is no address: write ADDRESS:PORT or :PORT"},
      {"", "\"\" is no address: write ADDRESS:PORT or :PORT"},
      {"127.0.0.1:", "\"127.0.0.1:\" is no address: the port is a number from 0 to 65535"},
      {":65536", "\":65536\" is no address: the port is a number from 0 to 65535"},
      {":-1", "\":-1\" is no address: the port is a number from 0 to 65535"},
      {":80x", "\":80x\" is no address: the port is a number from 0 to 65535"},
      {"[::g]:80", "\"[::g]:80\" is no address: what is in brackets is an IPv6 address"},
      {"example.org:80",
       "\"example.org:80\" is no address: the address is a numeric one (an IPv6 address in "
       "brackets)"},
      {"::1:80",
       "\"::1:80\" is no address: the address is a numeric one (an IPv6 address in brackets)"},
  };
  for (const Case& c : cases) {
    const auto address = parse_socket_address(c.text);
    ASSERT_FALSE(address) << c.text;
    EXPECT_EQ(address.error().message, c.message);
  }
}

}  // namespace
}  // namespace seaworthy::net
