#include "cli/line_reader.h"

#include <utility>

namespace seaworthy::cli {

Result<LineReader::Kind> LineReader::next(std::string& line) {
  line.clear();
  bool too_long = false;
  for (;;) {
    const std::size_t end = buffer_.find('\n', at_);
    const bool found = end != std::string::npos;
    const std::size_t length = (found ? end : buffer_.size()) - at_;
    too_long = too_long || line.size() + length > bytes_max_;
    if (too_long) {
      line.clear();
    } else {
      line.append(buffer_, at_, length);
    }
    at_ += found ? length + 1 : length;
    if (found || (ended_ && (!line.empty() || too_long))) {
      ++number_;
      return too_long ? Kind::kTooLong : Kind::kLine;
    }
    if (ended_) {
      return Kind::kEnd;
    }
    SEAWORTHY_TRY(buffer_, world_->read_some());
    at_ = 0;
    ended_ = buffer_.empty();
  }
}

}  // namespace seaworthy::cli
