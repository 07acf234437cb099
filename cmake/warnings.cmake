# The warnings that every target of ours is compiled with; SEAWORTHY_WERROR (the presets set it) makes them errors.
option(SEAWORTHY_WERROR "Treat warnings as errors" OFF)
add_library(seaworthy_warnings INTERFACE)
target_compile_options(seaworthy_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast -Wnon-virtual-dtor
  $<$<BOOL:${SEAWORTHY_WERROR}>:-Werror>)
