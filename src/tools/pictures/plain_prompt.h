#pragma once

#include <string>
#include <string_view>

namespace llmi::tools::pictures {

/// The prompt without what servers read as commands rather than words: <sd_cpp_extra_args>…</sd_cpp_extra_args> blocks
/// (stable-diffusion.cpp) and <lora:…>, <lyco:…>, <hypernet:…> (A1111, stable-diffusion.cpp). Prompts come from a
/// model: they describe a picture and set nothing else.
[[nodiscard]] std::string plain_prompt(std::string_view prompt);

}  // namespace llmi::tools::pictures
