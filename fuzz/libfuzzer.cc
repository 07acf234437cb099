// SEAWORTHY_FUZZ_ENTRY names the entry that this program is for.
#include "entries.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  seaworthy::fuzz::SEAWORTHY_FUZZ_ENTRY(data, size);
  return 0;
}
