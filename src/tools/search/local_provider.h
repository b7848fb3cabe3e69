#pragma once

#include <memory>

#include "store/corpus.h"
#include "tools/search/provider.h"

namespace llmi::tools {

/// Pictures from the folders on this machine: the default and the user's corpora.
[[nodiscard]] std::unique_ptr<Provider> make_local_provider(std::shared_ptr<store::Corpora> corpora);

}  // namespace llmi::tools
