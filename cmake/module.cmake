# One library a folder. All programs of a build lie in ${build}/bin, so that they find each other from their own place.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
find_program(LLMI_CCACHE ccache)
if(LLMI_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${LLMI_CCACHE}")
  set(CMAKE_C_COMPILER_LAUNCHER "${LLMI_CCACHE}")
endif()

# Everything that a user's installation needs; what scripts/setup builds.
add_custom_target(programs)

function(llmi_compile_options target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wconversion -Wno-missing-field-initializers -Werror)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND (LLMI_SANITIZE OR NOT CMAKE_BUILD_TYPE STREQUAL "Debug"))
    # g++ 12 reports these falsely in library code that it inlines, with sanitizers more so; the dev build keeps them.
    target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds)
  endif()
  if(LLMI_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${LLMI_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(${target} PRIVATE -fsanitize=${LLMI_SANITIZE})
  endif()
  if(LLMI_SANITIZE STREQUAL "thread")
    # ThreadSanitizer knows no fences; Boost.Asio's own locks order what they guard.
    target_compile_definitions(${target} PRIVATE BOOST_ASIO_DISABLE_FENCED_BLOCK)
  endif()
  if(LLMI_FUZZ)
    target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
  endif()
endfunction()

# llmi_module(NAME SOURCES … [DEPENDS modules …] [LIBRARIES imported targets …])
# A static library llmi_NAME from the folder it is called in. DEPENDS is checked against the include graph in CI.
function(llmi_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;LIBRARIES" ${ARGN})
  add_library(llmi_${name} STATIC ${arg_SOURCES})
  target_include_directories(llmi_${name} PUBLIC "${CMAKE_SOURCE_DIR}/src")
  list(TRANSFORM arg_DEPENDS PREPEND llmi_)
  target_link_libraries(llmi_${name} PUBLIC ${arg_DEPENDS} PRIVATE ${arg_LIBRARIES})
  llmi_compile_options(llmi_${name})
endfunction()

# llmi_program(NAME SOURCES … DEPENDS modules … [LIBRARIES …]): a program that users get.
function(llmi_program name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;LIBRARIES" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  list(TRANSFORM arg_DEPENDS PREPEND llmi_)
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} ${arg_LIBRARIES})
  llmi_compile_options(${name})
  add_dependencies(programs ${name})
endfunction()

# What the thread step runs: the tests with the label tsan.
add_custom_target(tsan_tests)

# llmi_test(NAME SOURCES … [DEPENDS …] [LIBRARIES …] [LABELS …]): one GoogleTest program, one ctest entry.
# Its working directory is the source tree's root, so that spec files are named from there.
function(llmi_test name)
  if(NOT LLMI_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;DEPENDS;LIBRARIES;LABELS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  list(TRANSFORM arg_DEPENDS PREPEND llmi_)
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} ${arg_LIBRARIES} GTest::gmock GTest::gtest GTest::gtest_main)
  llmi_compile_options(${name})
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}")
  if("tsan" IN_LIST arg_LABELS)
    add_dependencies(tsan_tests ${name})
  endif()
endfunction()

add_custom_target(benches)

# llmi_bench(NAME SOURCES … [DEPENDS …] [LIBRARIES …]): a program that prints measured ratios as JSON lines.
function(llmi_bench name)
  if(NOT LLMI_BENCH)
    return()
  endif()
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;LIBRARIES" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  list(TRANSFORM arg_DEPENDS PREPEND llmi_)
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} ${arg_LIBRARIES})
  llmi_compile_options(${name})
  add_dependencies(benches ${name})
endfunction()

add_custom_target(fuzzers)

# llmi_fuzzer(NAME SOURCES … [DEPENDS …]): a libFuzzer program.
function(llmi_fuzzer name)
  if(NOT LLMI_FUZZ)
    return()
  endif()
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;LIBRARIES" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  list(TRANSFORM arg_DEPENDS PREPEND llmi_)
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} ${arg_LIBRARIES})
  llmi_compile_options(${name})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  add_dependencies(fuzzers ${name})
endfunction()
