#include "tools/search/online/api.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace llmi::tools::online {
namespace {

const Access kAccess{.url = "http://h", .key = "K"};
const SearchQuery kQuery{.text = "red fox & cub"};

std::string url(const Api& api, const Access& access = kAccess) { return api.request(access, kQuery).url; }

std::string header(const Api& api, std::string_view name) {
  const auto headers = api.request(kAccess, kQuery).secret_headers;
  const auto found = std::ranges::find(headers, name, &net::Header::name);
  return found == headers.end() ? "" : found->value;
}

TEST(Apis, AddressesAndKeys) {
  EXPECT_TRUE(url(kCommons).starts_with("http://h/w/api.php?action=query&"));
  EXPECT_TRUE(url(kCommons, {.url = "http://h/w/api.php"}).starts_with("http://h/w/api.php?action=query&"));
  EXPECT_NE(url(kCommons).find("gsrsearch=filetype%3Abitmap%7Cdrawing%20red%20fox%20%26%20cub"), std::string::npos);
  EXPECT_TRUE(url(kOpenverse).starts_with("http://h/v1/images/?q=red%20fox%20%26%20cub"));
  EXPECT_EQ(header(kOpenverse, "Authorization"), "Bearer K");
  EXPECT_TRUE(url(kSearxng).starts_with("http://h/search?q="));
  EXPECT_NE(url(kSearxng).find("categories=images&format=json"), std::string::npos);
  EXPECT_TRUE(url(kBrave).starts_with("http://h/res/v1/images/search?q="));
  EXPECT_EQ(header(kBrave, "X-Subscription-Token"), "K");
  EXPECT_TRUE(url(kPexels).starts_with("http://h/v1/search?query="));
  EXPECT_EQ(header(kPexels, "Authorization"), "K");
  EXPECT_TRUE(url(kUnsplash).starts_with("http://h/search/photos?query="));
  EXPECT_EQ(header(kUnsplash, "Authorization"), "Client-ID K");
  EXPECT_TRUE(url(kSerpapi).starts_with("http://h/search.json?engine=google_images&q="));
  EXPECT_EQ(url(kSerpapi).find('K'), std::string::npos) << "a key is no part of what may be shown";
  EXPECT_EQ(kSerpapi.request(kAccess, kQuery).secret_query, (net::Query{{"api_key", "K"}}));
}

TEST(Apis, EveryOneIsRegisteredOnceAndRefusesWhatIsNotItsJson) {
  EXPECT_EQ(apis().size(), 7U);
  for (const Api* api : apis()) {
    EXPECT_EQ(find_api(api->name), api);
    EXPECT_EQ(api->read("<html>").error().code, ErrorCode::kUnreadable) << api->name;
    EXPECT_TRUE(api->read("{}")->empty()) << api->name;
    for (const char* odd :
         {R"({"results":[null,3,"x",{}]})", R"({"query":{"pages":[null,{"imageinfo":[]}]}})", R"({"photos":{"a":[]}})"})
      EXPECT_TRUE(api->read(odd)) << api->name << odd;
  }
}

TEST(Apis, CommonsInTheOrderOfItsIndex) {
  const auto found = kCommons.read(R"({"query":{"pages":{
    "7":{"title":"File:Second.jpg","index":2,"imageinfo":[{"url":"u2","mime":"image/jpeg","width":800,"height":600}]},
    "3":{"title":"File:Red_fox (Vulpes).jpg","index":1,"imageinfo":[{"url":"u1","thumburl":"t1","thumbwidth":1600,"thumbheight":1200,
      "descriptionurl":"https://commons/File:Red","mime":"image/jpeg","width":4000,"height":3000,"extmetadata":{
      "LicenseShortName":{"value":"CC BY-SA 4.0"},"LicenseUrl":{"value":"https://creativecommons.org/licenses/by-sa/4.0"},
      "Artist":{"value":"<a href=\"//x\">Ann &amp; Bob</a>"}}}]},
    "9":{"title":"File:Map.svg","index":3,"imageinfo":[{"url":"u3","thumburl":"t3","thumbwidth":500,"thumbheight":400,"mime":"image/svg+xml",
      "width":500,"height":400,"extmetadata":{"LicenseShortName":{"value":"Public domain"}}}]}}}})");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 3U);
  const Candidate& first = found->at(0);
  EXPECT_EQ(first.title, "Red fox (Vulpes)");
  EXPECT_EQ(first.url, "t1") << "a rendering of a large picture";
  EXPECT_EQ(first.width, 1600);
  EXPECT_EQ(first.creator, "Ann & Bob");
  EXPECT_EQ(first.licence, "CC-BY-SA-4.0");
  EXPECT_EQ(first.licence_url, "https://creativecommons.org/licenses/by-sa/4.0");
  EXPECT_EQ(first.attribution, "Ann & Bob, CC BY-SA 4.0, via Wikimedia Commons");
  EXPECT_EQ(first.page_url, "https://commons/File:Red");
  EXPECT_EQ(found->at(1).url, "u2");
  EXPECT_EQ(found->at(2).url, "t3") << "a drawing's rendering";
  EXPECT_EQ(found->at(2).licence, "PDM-1.0");
}

TEST(Apis, OpenverseWithItsAttribution) {
  const auto found = kOpenverse.read(
      R"({"results":[{"url":"u","title":"T","foreign_landing_url":"p","creator":"C","width":640,"height":480,
    "license":"by-nc","license_version":"2.0","license_url":"l","attribution":"\"T\" by C"},
    {"url":"v","license":"cc0","license_version":"1.0"},{"url":"w","license":"pdm"}]})");
  ASSERT_EQ(found->size(), 3U);
  EXPECT_EQ(found->at(0).licence, "CC-BY-NC-2.0");
  EXPECT_EQ(found->at(0).attribution, "\"T\" by C");
  EXPECT_EQ(found->at(1).licence, "CC0-1.0");
  EXPECT_EQ(found->at(1).licence_url, "https://creativecommons.org/publicdomain/zero/1.0/");
  EXPECT_EQ(found->at(2).licence, "PDM-1.0");
}

TEST(Apis, SearxngReadsSizes) {
  const auto found =
      kSearxng.read(R"({"results":[{"img_src":"//h/a.jpg","title":"A <b>fox</b>","url":"p","resolution":"1920 x 1080"},
                                                  {"img_src":"b","resolution":""},{"title":"no picture"}]})");
  ASSERT_EQ(found->size(), 2U);
  EXPECT_EQ(found->at(0).url, "https://h/a.jpg");
  EXPECT_EQ(found->at(0).title, "A fox");
  EXPECT_EQ(found->at(0).width, 1920);
  EXPECT_EQ(found->at(0).height, 1080);
  EXPECT_EQ(found->at(1).width, 0);
  EXPECT_NE(kSearxng.explain(403).find("settings.yml"), std::string::npos);
}

TEST(Apis, PaidOnes) {
  EXPECT_EQ(
      kSerpapi
          .read(
              R"({"images_results":[{"original":"u","original_width":640,"original_height":480,"link":"p","title":"T","source":"S"}]})")
          ->at(0)
          .width,
      640);
  EXPECT_EQ(kBrave.read(R"({"results":[{"title":"T","url":"p","properties":{"url":"u","width":640,"height":480}}]})")
                ->at(0)
                .url,
            "u");
  const Candidate pexels =
      kPexels
          .read(
              R"({"photos":[{"width":640,"height":480,"url":"p","alt":"A","photographer":"Ann","src":{"original":"u"}}]})")
          ->at(0);
  EXPECT_EQ(pexels.attribution, "Photo by Ann on Pexels");
  EXPECT_EQ(pexels.licence, "Pexels");
  const Candidate unsplash =
      kUnsplash
          .read(R"({"results":[{"width":640,"height":480,"alt_description":"A","urls":{"full":"u"},
    "links":{"html":"p","download_location":"d"},"user":{"name":"Ann"}}]})")
          ->at(0);
  EXPECT_EQ(unsplash.use_url, "d");
  EXPECT_EQ(unsplash.creator, "Ann");
}

}  // namespace
}  // namespace llmi::tools::online
