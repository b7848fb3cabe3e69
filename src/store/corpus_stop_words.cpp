#include <algorithm>
#include <array>

#include "store/corpus_words.h"

namespace llmi::store {
namespace {

// Function words only, without diacritics, each list between spaces: a word that could be what the picture shows must
// stay.
constexpr std::string_view kEnglishStops =
    " a an the this that these those some any and or but nor of in on at to from by with without for as into onto over "
    "under "
    "near behind beside between through during against around is are was were be been being it its he she they them "
    "his her "
    "their our my your i we you s t not no very there here up down out off which who whose what where when while ";
constexpr std::string_view kGermanStops =
    " der die das den dem des ein eine einen einem einer eines und oder aber im in am an auf aus bei mit nach von vom "
    "vor zu zum "
    "zur uber unter neben zwischen durch fur gegen ohne um ist sind war als wie auch nicht kein keine sich sein seine "
    "ihr ihre ";
constexpr std::string_view kFrenchStops =
    " le la les l un une des du de d et ou mais a au aux dans en sur sous avec sans pour par chez vers ce cet cette "
    "ces qui que "
    "est sont son sa ses leur leurs ne pas il elle ils elles se ";
constexpr std::string_view kSpanishStops =
    " el la los las lo un una unos unas y e o u de del al a en con sin por para sobre bajo entre hacia que es son su "
    "sus se no "
    "este esta esto ese esa ";
constexpr std::string_view kItalianStops =
    " il lo la i gli le l un uno una e ed o di d a da in con su per tra fra del dello della dei degli delle al allo "
    "alla ai agli "
    "alle nel nello nella nei nelle sul sulla sui col che non si suo sua ";
constexpr std::string_view kPortugueseStops =
    " o a os as um uma uns umas e ou de do da dos das em no na nos nas com sem por para sobre sob entre ao aos que se "
    "nao seu sua ";
constexpr std::string_view kDutchStops =
    " de het een en of van in op aan met zonder voor door bij naar uit over onder tussen is zijn niet te ";
constexpr std::string_view kSwedishStops =
    " en ett den det de och eller av i pa med utan till fran for vid under over ar som ";
constexpr std::string_view kDanishStops =
    " en et den det de og eller af i pa med uden til fra for ved under over er som ";
constexpr std::string_view kNorwegianStops =
    " en ei et ein eit den det de og eller av i pa med uten til fra for ved under over er som ";
constexpr std::string_view kFinnishStops = " ja tai on se ";
constexpr std::string_view kCatalanStops =
    " el la els les l un una uns unes i o de del dels d a al als en amb sense per que es ";
constexpr std::string_view kRomanianStops = " un o niste si sau de la in pe cu fara din al a ale cel cea este ";
constexpr std::string_view kHungarianStops = " a az egy es vagy ";
constexpr std::string_view kTurkishStops = " bir ve veya ile ";
constexpr std::string_view kRussianStops = " и или в во на с со без по под над из у к от для за это как не ";
constexpr std::string_view kGreekStops = " ο η το οι τα ενας μια ενα και σε στο στη στην του της των με απο για ";

// In the order of kLanguages; the others have none.
constexpr std::array kStops{kEnglishStops,    kGermanStops,  kFrenchStops,   kSpanishStops,   kItalianStops,
                            kPortugueseStops, kDutchStops,   kSwedishStops,  kDanishStops,    kNorwegianStops,
                            kFinnishStops,    kCatalanStops, kRomanianStops, kHungarianStops, kTurkishStops,
                            kRussianStops,    kGreekStops};

}  // namespace

bool is_stop_word(std::size_t language, std::string_view word) {
  if (language >= kStops.size() || word.empty()) return false;
  const std::string_view stops = kStops[language];
  for (std::size_t at = stops.find(word); at != std::string_view::npos; at = stops.find(word, at + 1))
    if (stops[at - 1] == ' ' && stops[at + word.size()] == ' ') return true;
  return false;
}

}  // namespace llmi::store
