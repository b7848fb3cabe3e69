#pragma once

#include <string_view>

namespace llmi::reward {

/// Whether a text speaks to whoever marks it instead of to its reader: it tells a judge to ignore its instructions,
/// praises or asks a judge, demands marks for itself, or holds a verdict in the form in which judges reply. Words are
/// looked at sentence by sentence, so that a text about judges or ratings is left alone. English phrases; the forms of
/// a verdict are found in any language.
[[nodiscard]] bool addresses_judge(std::string_view text);

}  // namespace llmi::reward
