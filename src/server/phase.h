#pragma once

#include <atomic>
#include <cstdint>

namespace seaworthy::server {

/// The end of a server, which begins with a signal.
enum class Phase : std::uint8_t {
  kServing,
  kLameDuck,  ///< Answers as ever, and asks clients to go: new ones may still be sent here.
  kDraining,  ///< Accepts no one, and sends who is still here elsewhere.
};

using SharedPhase = std::atomic<Phase>;

}  // namespace seaworthy::server
