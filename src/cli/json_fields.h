#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "seaworthy/cel/tagged_json.h"
#include "seaworthy/document/json.h"

namespace seaworthy::cli {

/// A JSON object that is printed with its fields sorted by name, as Go prints its maps.
class JsonFields {
 public:
  void add(const std::string& name, std::string_view text) {
    document::print_json_string(text, fields_[name]);
  }

  void add(const std::string& name, std::uint64_t number) {
    fields_[name] = std::to_string(number);
  }

  void add(const std::string& name, const cel::Value& value) {
    cel::print_tagged(value, fields_[name]);
  }

  /// `json` as it is.
  void add_json(const std::string& name, std::string json) { fields_[name] = std::move(json); }

  [[nodiscard]] std::string print() const {
    std::string out = "{";
    for (const auto& [name, json] : fields_) {
      out += out.size() > 1 ? "," : "";
      document::print_json_string(name, out);
      out += ':' + json;
    }
    return out + '}';
  }

 private:
  std::map<std::string, std::string> fields_;
};

}  // namespace seaworthy::cli
