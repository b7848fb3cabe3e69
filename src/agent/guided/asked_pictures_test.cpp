#include "agent/guided/asked_pictures.h"

#include <gtest/gtest.h>

#include <string>

namespace llmi::agent {
namespace {

TEST(AskedPictures, NumbersInWordsAndDigits) {
  struct Case {
    const char* prompt;
    std::size_t pictures;
  };
  for (const Case& c : {
           Case{"A page about bees with two pictures", 2},
           Case{"Exactly two pictures, please.", 2},
           Case{"Explain tides. I need four images all told, not one more.", 4},
           Case{"In all that's 3 small pictures - there is space for exactly that many.", 3},
           Case{"A report with one chart and nothing else", 1},
           Case{"a single picture of a fox", 1},
           Case{"two or three pictures", 3},
           Case{"no more than three illustrations", 3},
           Case{"a couple of photos would be nice", 2},
           Case{"Two photos and a drawing", 3},
           Case{"Two photos of ships and one chart of their sizes", 3},
           Case{"Five photos, two of them of boats, seven pictures in total", 7},
           Case{"There is room for three pictures: Two photos from a plant, and a chain of paper.", 3},
           Case{"Draw a hedgehog asleep. Only that one picture, nothing else.", 1},
           Case{"Ein Text über Katzen mit zwei Bildern", 2},
           Case{"Un texte avec deux images", 2},
           Case{"Un texto con tres imágenes", 3},
       })
    EXPECT_EQ(asked_pictures(c.prompt), c.pictures) << c.prompt;
}

TEST(AskedPictures, None) {
  for (const char* prompt : {
           "Safety text for a rental company. No images, charts or drawings, just the text.",
           "Words only, I already have the photos.",
           "No pictures - this goes into a plain-text email.",
           "A runbook. Skip the visuals this time.",
           "I don't want any pictures",
           "Do not add any illustrations.",
           "A poem, without pictures",
           "Not a single picture, please",
           "An audio description of three paintings. Text only, please.",
           "Ein Gedicht ohne Bilder",
           "Un poème, pas d'images",
           "Un poema sin imágenes",
       })
    EXPECT_EQ(asked_pictures(prompt), 0U) << prompt;
}

TEST(AskedPictures, NoNumberIsSaid) {
  for (const char* prompt : {
           "",
           "A short illustrated guide to volcanoes, with a chart of eruption sizes",
           "One small picture for each of five poems, woodcut",
           "Review two picture books for children",
           "Compare these two images",
           "What do the two photos show?",
           "Three pages with pictures",
           "An essay on 3 figure skaters",
           "Sales figures for two years",
           "No pictures of people, please",
           "A history of photography, 1839 photos",
           "Write 800 words, not more",
           "A two-picture story",
           "Two photos of the crumb. More pictures are fine if they help.",
           "This is not a picture book",
           "Two photos at the top. Then text. Two photos at the end.",
       })
    EXPECT_EQ(asked_pictures(prompt), std::nullopt) << prompt;
}

TEST(AskedPictures, SurvivesAnything) {
  for (const std::string& prompt :
       {std::string("\xff\xfe\x80"), std::string(1'000'000, '-'), std::string("two"), std::string("no"),
        std::string("couple of"), std::string("not a"), std::string(3000, ',')})
    EXPECT_EQ(asked_pictures(prompt), std::nullopt);
}

}  // namespace
}  // namespace llmi::agent
