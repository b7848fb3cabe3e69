#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "config/settings.h"
#include "net/network.h"

namespace llmi::app {

/// The network of this program: public addresses, and the configured servers wherever they are (all `url`s, the one in
/// model.default, those of the judges, search.allow_hosts). Errors: kInvalidConfig naming the key whose address is
/// unusable.
[[nodiscard]] Result<std::shared_ptr<net::Network>> make_network(const config::Settings& settings);

/// The key that `table`.api_key_env or `table`.api_key_file names ("servers.mine", "diffusion"); empty when neither is
/// set. `usual` is the variable that is tried when neither is set; it may be absent. Errors: kInvalidConfig naming the
/// key of the configuration, never the secret.
[[nodiscard]] Result<std::string> secret(const config::Settings& settings, std::string_view table,
                                         const char* usual = nullptr);

}  // namespace llmi::app
