#include "tools/search/licence.h"

#include <gtest/gtest.h>

namespace llmi::tools {
namespace {

TEST(Licence, SpellingsBecomeIds) {
  const std::pair<const char*, const char*> cases[] = {
      {"CC BY-SA 3.0", "CC-BY-SA-3.0"},
      {"cc-by-sa-3.0", "CC-BY-SA-3.0"},
      {"CC BY-SA 3.0 DE", "CC-BY-SA-3.0"},
      {"http://creativecommons.org/licenses/by-nc-nd/4.0/", "CC-BY-NC-ND-4.0"},
      {"Creative Commons Attribution-ShareAlike 4.0", "CC-BY-SA-4.0"},
      {"Attribution", "Attribution"},
      {"CC BY 2.0", "CC-BY-2.0"},
      {"CC0", "CC0-1.0"},
      {"https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"},
      {"https://creativecommons.org/publicdomain/mark/1.0/", "PDM-1.0"},
      {"http://creativecommons.org/licenses/publicdomain/", "CC-PDDC"},
      {"Public domain", "PDM-1.0"},
      {"GPL-2+", "GPL-2.0-or-later"},
      {"gpl-2.0-or-later", "GPL-2.0-or-later"},
      {"  All rights reserved ", "All rights reserved"},
      {"", ""},
  };
  for (const auto& [text, id] : cases) EXPECT_EQ(normalise_licence(text), id) << text;
}

TEST(Licence, AddressesOfKnownOnes) {
  EXPECT_EQ(licence_url("CC-BY-SA-3.0"), "https://creativecommons.org/licenses/by-sa/3.0/");
  EXPECT_EQ(licence_url("CC0-1.0"), "https://creativecommons.org/publicdomain/zero/1.0/");
  EXPECT_EQ(licence_url("CC-BY"), "");
  EXPECT_EQ(licence_url("CC-BY-"), "");
  EXPECT_EQ(licence_url("Secret-1.0"), "");
}

TEST(LicencePolicy, EmptyWelcomesEverything) {
  EXPECT_TRUE(LicencePolicy().allows(""));
  EXPECT_TRUE(LicencePolicy(std::vector<std::string>{}).allows("All rights reserved"));
}

TEST(LicencePolicy, IdsAreAlternatives) {
  const LicencePolicy policy({"CC0", "CC BY 4.0"});
  EXPECT_TRUE(policy.allows("CC0-1.0"));
  EXPECT_TRUE(policy.allows("CC-BY-4.0"));
  EXPECT_FALSE(policy.allows("CC-BY-3.0"));
  EXPECT_FALSE(policy.allows(""));
}

TEST(LicencePolicy, ConditionsMustAllHold) {
  const LicencePolicy both({"commercial", "modify"});
  EXPECT_TRUE(both.allows("CC-BY-SA-4.0"));
  EXPECT_TRUE(both.allows("GPL-2.0-or-later"));
  EXPECT_TRUE(both.allows("CC-PDDC"));
  EXPECT_FALSE(both.allows("CC-BY-NC-4.0"));
  EXPECT_FALSE(both.allows("CC-BY-ND-4.0"));
  EXPECT_FALSE(both.allows("All rights reserved"));
  EXPECT_FALSE(both.allows(""));
  EXPECT_TRUE(LicencePolicy({"modify"}).allows("CC-BY-NC-4.0"));
  EXPECT_FALSE(LicencePolicy({"commercial"}).allows("CC-BY-NC-4.0"));
}

TEST(LicencePolicy, TextDoesNotDependOnOrder) {
  EXPECT_EQ(LicencePolicy({"modify", "CC BY 4.0", "CC0"}).text(),
            LicencePolicy({"CC0-1.0", "modify", "CC-BY-4.0"}).text());
}

}  // namespace
}  // namespace llmi::tools
