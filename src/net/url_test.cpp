#include "net/url.h"

#include <gtest/gtest.h>

namespace llmi::net {
namespace {

TEST(Url, NormalFormAndSite) {
  const auto url = parse_url("HTTPS://Example.ORG./a b?q=1#frag");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->site, (Site{"https", "example.org", 443}));
  EXPECT_EQ(to_text(url->site), "https://example.org");
  EXPECT_EQ(url->text.find('#'), std::string::npos);
  EXPECT_NE(url->text.find("/a%20b?q=1"), std::string::npos);
  EXPECT_EQ(parse_url("http://[::1]:8080/x")->site, (Site{"http", "::1", 8080}));
  EXPECT_EQ(to_text(Site{"http", "::1", 8080}), "http://[::1]:8080");
}

TEST(Url, WaysToWriteLoopbackAreOneHost) {
  for (const char* text : {"http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/", "http://127.1/"})
    EXPECT_EQ(parse_url(text)->site.host, "127.0.0.1") << text;
}

TEST(Url, Refused) {
  for (const char* text : {"", "example", "ftp://h/x", "file:///etc/passwd", "http://", "http://user:pw@h/",
                           "http://u@h/", "gopher://h", "javascript:alert(1)", "http://h:99999/", "http://a b/"})
    EXPECT_FALSE(parse_url(text)) << text;
  const auto secret = parse_url("http://user:hunter2@h/");
  EXPECT_EQ(secret.error().message.find("hunter2"), std::string::npos);
}

TEST(Url, RelativeReferences) {
  const Url base = *parse_url("https://a.example/x/y?z=1");
  EXPECT_EQ(resolve_url(base, "../w")->text, "https://a.example/w");
  EXPECT_EQ(resolve_url(base, "//b.example/q")->site.host, "b.example");
  EXPECT_FALSE(resolve_url(base, "file:///etc/passwd"));
}

TEST(Url, EndpointsWithAndWithoutSuffix) {
  for (const char* base : {"http://h:1", "http://h:1/", "http://h:1/v1", "http://h:1/v1/"})
    EXPECT_EQ(endpoint(base, "/v1", "/models"), "http://h:1/v1/models") << base;
  EXPECT_EQ(endpoint("https://x.org/w/api.php", "/w/api.php", ""), "https://x.org/w/api.php");
  EXPECT_EQ(endpoint("https://x.org/prefix/v1", "/v1", "/m"), "https://x.org/prefix/v1/m");
}

TEST(Url, QueriesAreEscaped) {
  EXPECT_EQ(query_text({}), "");
  EXPECT_EQ(query_text({{"q", "a&b c"}, {"n", "é"}}), "?q=a%26b%20c&n=%C3%A9");
}

}  // namespace
}  // namespace llmi::net
