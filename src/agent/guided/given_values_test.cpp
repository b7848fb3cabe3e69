#include "agent/guided/given_values.h"

#include <gtest/gtest.h>

#include <string>

namespace llmi::agent {
namespace {

std::string read(std::string_view prompt) {
  const GivenData data = read_given_data(prompt);
  std::string text;
  for (const GivenValue& value : data.values) text += value.label + "=" + value.number + "; ";
  return text + data.unit;
}

struct Case {
  const char* prompt;
  const char* data;
};

TEST(GivenValuesTest, ReadsListsSeriesAndTables) {
  for (const Case& c : {
           Case{"electricity: coal 35%, gas 23%, hydro 15%", "coal=35; gas=23; hydro=15; %"},
           Case{"35% coal, 23% gas and 15% hydro", "coal=35; gas=23; hydro=15; %"},
           Case{"Our survey: 45% cats, 38% dogs, 17% neither.", "cats=45; dogs=38; neither=17; %"},
           Case{"coal (35), gas (23)", "coal=35; gas=23; "},
           Case{"In 2019 we sold 12,000 bikes, in 2020 15,500 and in 2021 18,200.",
                "2019=12000; 2020=15500; 2021=18200; bikes"},
           Case{"12,000 bikes in 2019, 15,500 bikes in 2020", "2019=12000; 2020=15500; bikes"},
           Case{"Berlin 3.7 million, Madrid 3.3 million", "Berlin=3.7; Madrid=3.3; million"},
           Case{"Quarterly results: Q1: 10, Q2: 15, Q3: 12", "Q1=10; Q2=15; Q3=12; "},
           Case{"2019: 1200; 2020: 1500", "2019=1200; 2020=1500; "},
           Case{"| Oslo | 709 |\n| Bergen | 289 |", "Oslo=709; Bergen=289; "},
           Case{"city,people\nOslo,709\nBergen,289", "Oslo=709; Bergen=289; "},
           Case{"Umsatz: 2021 3,5 Millionen, 2022 4,1 Millionen", "2021=3.5; 2022=4.1; Millionen"},
           Case{"profit: north -3, south 12", "north=-3; south=12; "},
           Case{"rent €900, food €350", "rent=900; food=350; €"},
           Case{"a hive has 40000 bees in summer and 10000 in winter", "summer=40000; winter=10000; bees"},
           Case{"3 cats in Berlin, 5 cats in Paris", "Berlin=3; Paris=5; cats"},
           Case{"35% coal in Germany, 23% gas in Germany", "coal=35; gas=23; %"},
           Case{"Oslo has 3 museums in winter, Bergen has 5 in summer", "Oslo=3; Bergen=5; "},
           Case{"Mount Everest at 8,849 m and K2 at 8,611 m", "Mount Everest=8849; K2=8611; m"},
       })
    EXPECT_EQ(read(c.prompt), c.data) << c.prompt;
}

TEST(GivenValuesTest, OtherNumbersAreNoData) {
  for (const char* prompt : {"Apollo 11 and Apollo 13", "a story for 5-year-olds", "from 1939 to 1945",
                             "3 pictures and 2 charts", "the top 10", "write 300 words in 4 sections",
                             "World War 1 and World War 2", "", "1939–1945", "chapter 2, page 7", "coal 35%", "1,2,3"})
    EXPECT_EQ(read(prompt), "") << prompt;
}

TEST(GivenValuesTest, NumbersAreValidPython) { EXPECT_EQ(read("x 007, b 00, c 0.50"), "x=7; b=0; c=0.50; "); }

TEST(GivenValuesTest, LongPromptsAreReadInOnePass) {
  std::string prompt;
  for (int i = 0; i < 20'000; ++i) prompt += "thing 5 ";
  EXPECT_EQ(read_given_data(prompt).values.size(), 0U);
}

}  // namespace
}  // namespace llmi::agent
