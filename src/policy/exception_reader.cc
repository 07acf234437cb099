#include "policy/exception_reader.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "seaworthy/base/limits.h"
#include "seaworthy/base/text.h"

namespace seaworthy::policy {
namespace {

using document::Node;

/// `length` digits at the beginning of `text`, which are taken off it.
std::optional<unsigned> take_digits(std::string_view& text, std::size_t length) {
  unsigned value = 0;
  const auto digits = text.substr(0, length);
  const char* end = digits.data() + digits.size();
  const bool all_digits = digits.size() == length &&
                          std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
  if (!all_digits || std::from_chars(digits.data(), end, value).ptr != end) {
    return std::nullopt;
  }
  text.remove_prefix(length);
  return value;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

/// "Z", "+02:00": what is to be taken from the written time.
std::optional<std::chrono::minutes> parse_zone(std::string_view text) {
  if (text == "Z") {
    return std::chrono::minutes(0);
  }
  const bool west = text.starts_with('-');
  if (!west && !text.starts_with('+')) {
    return std::nullopt;
  }
  text.remove_prefix(1);
  const auto hours = take_digits(text, 2);
  const bool colon = take(text, ':');
  const auto minutes = take_digits(text, 2);
  if (!hours || !colon || !minutes || !text.empty() || *hours > 23 || *minutes > 59) {
    return std::nullopt;
  }
  const std::chrono::minutes offset(*hours * 60 + *minutes);
  return west ? -offset : offset;
}

/// On one line, as messages print it. White space is as good as nothing.
std::string required_words(Fields& fields, std::string_view name) {
  const auto text = fields.text(name, true);
  const auto words = trim(text);
  if (words.empty() && !text.empty()) {
    fields.context().error(*fields.take(name), fields.path_of(name) + " must not be empty");
  }
  return one_line(words, limits::kMessageCodePointsMax / 2);
}

void read_images(Fields& fields, PolicyException& exception) {
  const auto texts = read_patterns(fields, "images");
  const Node* list = fields.take("images");
  for (std::size_t index = 0; index < texts.size(); ++index) {
    const auto pattern = parse_image_pattern(texts[index]);
    if (pattern) {
      exception.images.push_back(*pattern);
      continue;
    }
    const Node& item = texts.size() == list->size() ? list->items()[index] : *list;
    fields.context().error(
        item, fmt::format("{}: '{}' is no image; write a repository (registry.example.com/team, "
                          "which takes in all below it), one with a tag or digest, or a whole "
                          "registry (registry.example.com/)",
                          fields.path_of("images"), texts[index]));
  }
}

void read_expiry(Fields& fields, PolicyException& exception,
                 std::optional<std::chrono::system_clock::time_point> now) {
  const auto text = fields.text("expires", true);
  const Node* node = fields.take("expires");
  if (text.empty()) {
    return;
  }
  const auto time = parse_time(text);
  if (!time) {
    fields.context().error(*node,
                           fmt::format("{} must be a time such as 2027-01-31T00:00:00Z, not '{}'",
                                       fields.path_of("expires"), text));
    return;
  }
  exception.expires = *time;
  if (now && exception.expired(*now)) {
    fields.context().warn(
        *node, fmt::format("exception '{}' of {} expired on {}: it excuses nothing", exception.name,
                           exception.owner, exception.expiry_date()));
  }
}

}  // namespace

std::optional<std::chrono::sys_seconds> parse_time(std::string_view text) {
  namespace chrono = std::chrono;
  const auto year = take_digits(text, 4);
  const bool first_dash = take(text, '-');
  const auto month = take_digits(text, 2);
  const bool second_dash = take(text, '-');
  const auto day = take_digits(text, 2);
  if (!year || !first_dash || !month || !second_dash || !day || !take(text, 'T')) {
    return std::nullopt;
  }
  const auto hours = take_digits(text, 2);
  const bool first_colon = take(text, ':');
  const auto minutes = take_digits(text, 2);
  const bool second_colon = take(text, ':');
  const auto seconds = take_digits(text, 2);
  if (!hours || !first_colon || !minutes || !second_colon || !seconds) {
    return std::nullopt;
  }
  if (take(text, '.')) {  // a fraction says nothing about days
    const auto end = text.find_first_not_of("0123456789");
    if (end == 0 || end == std::string_view::npos) {
      return std::nullopt;
    }
    text.remove_prefix(end);
  }
  const auto zone = parse_zone(text);
  const chrono::year_month_day date(chrono::year(static_cast<int>(*year)), chrono::month(*month),
                                    chrono::day(*day));
  if (!zone || !date.ok() || *hours > 23 || *minutes > 59 || *seconds > 59) {
    return std::nullopt;
  }
  return chrono::sys_days(date) + chrono::hours(*hours) + chrono::minutes(*minutes) +
         chrono::seconds(*seconds) - *zone;
}

std::optional<ImagePattern> parse_image_pattern(std::string_view text) {
  if (text.ends_with('/')) {
    // All below a registry or a path: what an image there would be called, without its name.
    constexpr std::string_view kBelow = "/probe/probe";
    text.remove_suffix(1);
    const auto probe = image::parse_reference(std::string(text).append(kBelow));
    if (!probe) {
      return std::nullopt;
    }
    auto repository = probe->repository.substr(0, probe->repository.size() - kBelow.size());
    return ImagePattern{.registry = probe->registry,
                        .repository = repository == probe->registry ? "" : std::move(repository),
                        .tag = {},
                        .digest = {}};
  }
  // "registry.example.com" alone would be an image of docker.io: nobody means that.
  const bool host = text.find('/') == std::string_view::npos &&
                    text.substr(0, text.find_first_of(":@")).find('.') != std::string_view::npos;
  auto reference = host ? std::nullopt : image::parse_reference(text);
  if (!reference) {
    return std::nullopt;
  }
  return ImagePattern{.registry = std::move(reference->registry),
                      .repository = std::move(reference->repository),
                      .tag = std::move(reference->tag),
                      .digest = std::move(reference->digest)};
}

PolicyException read_exception(const ReadContext& context, const Node& metadata, const Node& spec,
                               const KnownNames& known,
                               std::optional<std::chrono::system_clock::time_point> now) {
  PolicyException exception;
  exception.file = context.file;
  exception.position = context.source->position_of(context.source->root());
  exception.name = read_document_name(context, metadata);
  Fields fields(context, spec, "spec");
  exception.policies = read_policy_patterns(fields, "policies", known);
  if (const Node* policies = fields.take("policies"); policies == nullptr) {
    fields.report_missing("policies");
  } else if (policies->is_list() && policies->size() == 0) {
    context.error(*policies, "spec.policies must name a policy");
  }
  exception.namespaces = read_patterns(fields, "namespaces");
  exception.workloads = read_workloads(fields);
  exception.containers = read_patterns(fields, "containers");
  read_images(fields, exception);
  exception.owner = required_words(fields, "owner");
  exception.reason = required_words(fields, "reason");
  read_expiry(fields, exception, now);
  fields.finish();
  if (!exception.containers.empty() && fields.take("images") == nullptr) {
    context.error(*fields.take("containers"),
                  "spec.containers needs spec.images beside it: anybody may give a container that "
                  "name");
  } else if (!exception.containers.empty() && fields.take("images")->size() == 0) {
    context.error(*fields.take("images"),
                  "spec.images must not be empty where spec.containers is "
                  "given: anybody may give a container that name");
  }
  if (!exception.workloads.empty()) {
    context.warn(*fields.take("workloads"),
                 fmt::format("exception '{}' is as wide as the creation of Pods in its namespaces: "
                             "whoever may create a Pod there may name any workload as its owner",
                             exception.name));
  }
  return exception;
}

}  // namespace seaworthy::policy
