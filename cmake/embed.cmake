# embed(OUTPUT_HEADER NAMESPACE CONSTANT FILE): a header with the file's text as `inline constexpr std::string_view CONSTANT`.
# The text is cut into pieces, because compilers limit the length of one string literal.
function(llmi_embed target header namespace constant file)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
  file(READ "${CMAKE_CURRENT_SOURCE_DIR}/${file}" text)
  string(LENGTH "${text}" length)
  set(pieces "")
  set(at 0)
  while(at LESS length)
    string(SUBSTRING "${text}" ${at} 8000 piece)
    string(APPEND pieces "R\"embed(${piece})embed\"\n")
    math(EXPR at "${at} + 8000")
  endwhile()
  file(GENERATE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/embedded/${header}" CONTENT
"#pragma once
#include <string_view>
namespace ${namespace} {
inline constexpr std::string_view ${constant} =
${pieces};
}
")
  target_include_directories(${target} PUBLIC "${CMAKE_CURRENT_BINARY_DIR}/embedded")
endfunction()
