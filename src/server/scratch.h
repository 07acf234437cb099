#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/document/json.h"
#include "server/seen_reviews.h"

namespace seaworthy::server {

/// The memory of one request: kept warm between requests, so that a steady load asks the system for
/// none.
struct Scratch {
  Arena arena;
  document::JsonParser parser;
  SeenReviews seen;
};

/// Scratches for as many requests as run at once. Threads: any. Lifetime: outlives every Lease.
class ScratchPool {
 public:
  class Lease {
   public:
    explicit Lease(ScratchPool& pool) : pool_(&pool), scratch_(pool.take()) {}

    ~Lease() { pool_->give_back(std::move(scratch_)); }

    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Lease(Lease&&) = delete;
    Lease& operator=(Lease&&) = delete;

    Scratch& operator*() { return *scratch_; }

   private:
    ScratchPool* pool_;
    std::unique_ptr<Scratch> scratch_;
  };

 private:
  /// What one hostile request made large is not kept for the next.
  static constexpr std::size_t kKeptBytesMax = std::size_t{1024} * 1024;
  static constexpr std::size_t kKeptMax = 64;

  std::unique_ptr<Scratch> take();
  void give_back(std::unique_ptr<Scratch> scratch);

  std::mutex mutex_;
  std::vector<std::unique_ptr<Scratch>> kept_;
};

}  // namespace seaworthy::server
