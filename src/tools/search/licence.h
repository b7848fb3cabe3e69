#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace llmi::tools {

/// An SPDX-like id for a licence as people write it: "CC BY-SA 3.0", "http://creativecommons.org/licenses/by-sa/3.0/"
/// and "cc-by-sa-3.0" are all "CC-BY-SA-3.0"; "Public domain" is "PDM-1.0", "CC0" is "CC0-1.0". Unknown texts come back
/// trimmed.
[[nodiscard]] std::string normalise_licence(std::string_view text);

/// Where the licence's text stands; empty when unknown.
[[nodiscard]] std::string licence_url(std::string_view id);

/// Which licences are welcome. Entries: ids ("CC0-1.0": one of them is needed), and the conditions "commercial" (may be
/// sold) and "modify" (may be changed), which must all hold. An unknown licence meets no condition; an empty policy
/// welcomes everything.
class LicencePolicy {
 public:
  LicencePolicy() = default;
  explicit LicencePolicy(const std::vector<std::string>& entries);

  [[nodiscard]] bool allows(std::string_view licence) const;
  /// The policy as text, the same for the same policy.
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::vector<std::string> ids_;
  bool commercial_ = false;
  bool modify_ = false;
  std::string text_;
};

}  // namespace llmi::tools
