#pragma once

#include "config/settings.h"
#include "reward/scorer.h"
#include "toolbox.h"

namespace llmi::app {

/// Runs the tags of samples with the tools of this configuration, without repairs. A tool that cannot be used on this
/// machine, or whose server cannot be reached, is an error, not a failed picture. The toolbox and the settings outlive
/// the result.
[[nodiscard]] reward::PictureMaker sample_picture_maker(const config::Settings& settings, const Toolbox& toolbox);

}  // namespace llmi::app
