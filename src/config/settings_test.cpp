#include "config/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/file.h"
#include "config/options.h"

namespace llmi::config {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

Result<Settings> load(std::string_view toml, std::vector<std::string> variables = {}) {
  const auto folder = TemporaryFolder::make().value();
  const auto file = folder.path() / "config.toml";
  if (!write_file(file, toml)) throw std::runtime_error("cannot write the test's file");
  std::vector<char*> environment;
  for (std::string& variable : variables) environment.push_back(variable.data());
  environment.push_back(nullptr);
  return Settings::load(file, environment.data());
}

std::string error_of(std::string_view toml, std::vector<std::string> variables = {}) {
  const auto settings = load(toml, std::move(variables));
  EXPECT_FALSE(settings.has_value());
  if (settings) return "";
  EXPECT_EQ(exit_code(settings.error()), 2);
  return settings.error().message;
}

TEST(Options, DefaultsPassTheirOwnCheck) {
  for (const Option& option : options()) {
    const auto value = check(option, option.fallback);
    ASSERT_TRUE(value) << option.key << ": " << value.error();
    EXPECT_EQ(*value, option.fallback) << option.key;
    EXPECT_FALSE(option.help.empty());
  }
}

TEST(Options, KeysAndVariablesAreUnique) {
  std::vector<std::string> names;
  for (const Option& option : options()) names.push_back(environment_name(option));
  std::ranges::sort(names);
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
}

TEST(Options, NamedTables) {
  ASSERT_NE(find_option("servers.my-box.url"), nullptr);
  EXPECT_EQ(find_option("servers.my-box.url")->key, "servers.*.url");
  EXPECT_EQ(find_option("servers.my.box.url"), nullptr) << "a name holds no dot";
  EXPECT_NE(find_option("search.searxng.url"), nullptr);
  EXPECT_EQ(find_option("search.bing.url"), nullptr) << "the providers are a closed set";
  EXPECT_TRUE(is_table("servers"));
  EXPECT_TRUE(is_table("servers.mine"));
  EXPECT_FALSE(is_table("search.bing"));
  EXPECT_EQ(key_of_variable("LLMI_SERVERS_MY_BOX_MAX_CONCURRENT"), "servers.my_box.max_concurrent");
  EXPECT_EQ(key_of_variable("LLMI_SEARCH_SEARXNG_URL"), "search.searxng.url");
  EXPECT_EQ(key_of_variable("LLMI_SEARCH_BING_URL"), std::nullopt);
}

TEST(Settings, NamedTablesAreListedAndHaveDefaults) {
  const auto settings = load("[servers.b]\nurl = \"http://b\"\n[servers.a]\nurl = \"http://a\"\nmax_concurrent = 3\n",
                             {"LLMI_SERVERS_C_URL=http://c"})
                            .value();
  EXPECT_THAT(settings.names("servers"), ElementsAre("a", "b", "c"));
  EXPECT_EQ(settings.text("servers.c.url"), "http://c");
  EXPECT_EQ(settings.integer("servers.a.max_concurrent"), 3);
  EXPECT_EQ(settings.integer("servers.b.max_concurrent"), 8);
  EXPECT_THAT(settings.place("servers.a.max_concurrent"), HasSubstr("config.toml:5"));
  EXPECT_THAT(settings.keys(), testing::Contains("servers.a.max_concurrent"));
}

TEST(Settings, WrongNamedTablesNameFileLineAndKey) {
  EXPECT_THAT(error_of("[servers.a]\nurl = \"http://a\"\nkindd = \"vllm\"\n"),
              HasSubstr("config.toml:3: unknown key servers.a.kindd"));
  EXPECT_THAT(error_of("[servers.a]\nkind = \"cohere\"\n"), HasSubstr("config.toml:2: servers.a.kind"));
  EXPECT_THAT(error_of("[search.bing]\nurl = \"http://a\"\n"), HasSubstr("search.bing"));
  EXPECT_THAT(error_of("servers = 3\n"), HasSubstr("servers is a table"));
}

TEST(Settings, LaterLayersWin) {
  auto settings = load("[code]\ntimeout = \"3s\"\nwarm = 4\nmemory = \"2GiB\"\n", {"LLMI_CODE_TIMEOUT=5s"}).value();
  EXPECT_EQ(settings.duration("code.timeout"), seconds(5));
  EXPECT_EQ(settings.origin("code.timeout"), Origin::kEnvironment);
  EXPECT_EQ(settings.integer("code.warm"), 4);
  EXPECT_THAT(settings.place("code.warm"), HasSubstr("config.toml:3"));
  EXPECT_EQ(settings.size("code.memory"), std::uint64_t{2} << 30);
  EXPECT_EQ(settings.origin("model.default"), Origin::kDefault);
  ASSERT_TRUE(settings.set_flag("model.default", "mine.gguf"));
  EXPECT_EQ(settings.text("model.default"), "mine.gguf");
  EXPECT_EQ(settings.origin("model.default"), Origin::kFlag);
}

TEST(Settings, ListsAreArraysInTomlAndCommaSeparatedElsewhere) {
  EXPECT_THAT(load("[search]\nlicences = [\"CC0-1.0\", \"CC-BY-4.0\"]").value().list("search.licences"),
              ElementsAre("CC0-1.0", "CC-BY-4.0"));
  EXPECT_THAT(load("", {"LLMI_SEARCH_LICENCES=CC0-1.0, CC-BY-4.0"}).value().list("search.licences"),
              ElementsAre("CC0-1.0", "CC-BY-4.0"));
}

TEST(Settings, MessagesNameFileLineAndKey) {
  const std::string unknown = error_of("[code]\n\ntimeot = \"3s\"\n");
  EXPECT_THAT(unknown, HasSubstr("config.toml:3"));
  EXPECT_THAT(unknown, HasSubstr("code.timeot"));
  EXPECT_THAT(unknown, HasSubstr("did you mean code.timeout"));
  EXPECT_THAT(error_of("[code]\ntimeout = 3\n"), HasSubstr("config.toml:2: code.timeout: expected a duration"));
  EXPECT_THAT(error_of("[code]\ntimeout = \"0s\"\n"), HasSubstr("not within 1ms"));
  EXPECT_THAT(error_of("[agent]\nguided = \"maybe\"\n"), HasSubstr("one of: auto,on,off"));
  EXPECT_THAT(error_of("code = 3\n"), HasSubstr("write [code]"));
  EXPECT_THAT(error_of("[nothing]\nkey = 1\n"), HasSubstr("config.toml:1: unknown key nothing"));
  EXPECT_THAT(error_of("[code\n"), HasSubstr("config.toml:1: not valid TOML"));
  EXPECT_THAT(error_of("[search]\nproviders = [\"gogle\"]\n"), HasSubstr("\"gogle\" is not known here"));
  EXPECT_THAT(error_of("[model]\ncontext_tokens = 1.5\n"), HasSubstr("expected a whole number"));
}

TEST(Settings, EnvironmentIsCheckedToo) {
  EXPECT_THAT(error_of("", {"LLMI_CODE_TIMEOUT=soon"}),
              HasSubstr("LLMI_CODE_TIMEOUT: code.timeout: expected a duration"));
  EXPECT_THAT(error_of("", {"LLMI_CODE_TIMEOT=3s"}), HasSubstr("unknown environment variable LLMI_CODE_TIMEOT"));
  EXPECT_TRUE(load("", {"LLMI_TEST_ANYTHING=1", "HOME=/nowhere", "LLMIX=1"}));
}

TEST(Settings, FlagErrorsNameTheFlag) {
  auto settings = load("").value();
  EXPECT_THAT(settings.set_flag("cache.enabled", "perhaps").error().message,
              HasSubstr("--cache: expected true or false"));
}

}  // namespace
}  // namespace llmi::config
