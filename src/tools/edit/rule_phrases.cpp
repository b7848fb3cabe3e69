#include <array>

#include "tools/edit/rules.h"

namespace llmi::tools::edit {
namespace {

constexpr std::array kPhrases{
    // The picture as a whole; never a thing in it.
    NamedPhrase{"picture",
                "picture|image|photo|photograph|figure|chart|plot|diagram|drawing|graph|illustration|pic|stamp|"
                "bild|foto|fotografie|grafik|diagramm|zeichnung|tableau|dessin|graphique|figure"},
    NamedPhrase{"it",
                "it|this|that|everything|[the|this|that|my|our] [whole|entire|full|complete] <picture>|"
                "the (whole|entire|full) (thing|scene)|"
                "es|alles|(das|die|dieses|diese) [ganze|gesamte] <picture>|"
                "le|la|tout|(l|la|le|cette|ce|toute l|tout le) <picture>"},
    NamedPhrase{"its", "its|the|of <it>|seine|seinen|die|der|den|sa|son|la|le|l"},
    NamedPhrase{
        "make",
        "make|turn|convert|change|render|transform|set|get|put|show|have|"
        "mach|mache|wandle|wandele|verwandle|konvertiere|stelle|setze|"
        "mets|mettre|mettez|rends|rendre|rendez|convertis|convertir|convertissez|transforme|transformez|passe|passer"},
    NamedPhrase{"to", "to|into|in|to be|as|en|nach|zu|auf|à"},
    NamedPhrase{"add",
                "add|put|place|draw|write|insert|include|give it|apply|use|with|have|having|create|"
                "füge|setze|zeichne|male|mit|gib ihm|"
                "ajoute|ajouter|ajoutez|mets|mettez|dessine|dessinez|trace|avec|applique"},
    NamedPhrase{"a", "a|an|the|some|one|ein|eine|einen|einem|der|die|das|den|un|une|le|la|l|du|de la"},
    NamedPhrase{"the", "the|its|all|all of the|all the|der|die|das|den|dem|ihre|seine|l|la|le|les|sa|son"},
    NamedPhrase{"effect", "effect|filter|look|tone|tones|style|toning|treatment|version|effekt|ton|effet|filtre"},
    NamedPhrase{"percent", "<number> (%|percent|per cent|pct|prozent|pour cent)"},
    NamedPhrase{"pixels", "px|pixel|pixels"},
    NamedPhrase{"amount", "<percent>|<number> <pixels> =pixels"},
    NamedPhrase{"degrees", "°|degree|degrees|deg|grad|degré|degrés"},
    NamedPhrase{"little",
                "(a bit|a little|a little bit|slightly|somewhat|a touch|a tad|ein wenig|ein bisschen|etwas|leicht|"
                "un peu|légèrement|subtly|gently|softly) =little"},
    NamedPhrase{"much",
                "(a lot|much|very much|lots|strongly|heavily|significantly|considerably|really|very|far|way|"
                "viel|stark|deutlich|sehr|beaucoup|fortement|très) =much"},
    NamedPhrase{"by", "[by|um|de] [+] <percent>"},
    NamedPhrase{"degree", "<little>|<much>|<by>"},
    NamedPhrase{"strength",
                "(slight|light|soft|gentle|subtle|small|weak|mild|leichten|leichte|léger|légère) =little|"
                "(strong|heavy|intense|deep|starken|starke|fort|forte) =much|gaussian"},
    NamedPhrase{"hand_side", "side|hand side|edge|border|seite|rand|bord|côté"},
    NamedPhrase{"grey",
                "black and white|b and w|bw|b w|b / w|grey|gray|greyscale|grayscale|grey scale|gray scale|monochrome|"
                "monochromatic|colourless|colorless|(shades|tones) of (grey|gray)|schwarz weiß|schwarzweiß|"
                "schwarz und weiß|sw|graustufen|grau|noir et blanc|niveaux de gris|gris"},
    NamedPhrase{"sepia",
                "sepia [tone|toned|brown]|sépia|vintage|old fashioned|antique|aged|nostalgic|retro|"
                "[like|as] [an|a] (very old|old|vintage|antique|aged) (photo|photograph|picture|image|postcard)|"
                "wie ein altes (foto|bild)|comme une vieille photo|ancien"},
    NamedPhrase{"quality",
                "(brightness|helligkeit|luminosité) =brightness|(contrast|kontrast|contraste) =contrast|"
                "(saturation|colour saturation|color saturation|vibrance|sättigung|farbsättigung) =saturation|"
                "(warmth|wärme) =warmth"},
    NamedPhrase{"qualities", "<quality> [[,] (and|und|et) [<its>] <quality>]"},
    // Places: one of nine.
    NamedPhrase{"vertical",
                "(top|upper|above|obere|oberen|oben|haut) =top|(bottom|lower|untere|unteren|unten|bas) =bottom"},
    NamedPhrase{"sideways", "(left|linke|linken|links|gauche) =left|(right|rechte|rechten|rechts|droite) =right"},
    NamedPhrase{"middle", "(centre|center|middle|mitte|centre|milieu) =centre"},
    NamedPhrase{"place",
                "[the|its|la|le|l|der|die|das|den] [very] "
                "(<vertical> [hand] <sideways>|<vertical> <middle>|<middle> <sideways>|<vertical>|<sideways>|<middle>|"
                "(haut|en haut) à (gauche =top =left|droite =top =right)|(bas|en bas) à (gauche =bottom =left|droite "
                "=bottom =right)) "
                "[hand] [corner|side|part|edge|area|quarter|section|region|ecke|seite|rand|bereich|coin] [of <it>]"},
    NamedPhrase{"at", "at|in|on|to|into|along|near|over|across|onto|within|in the|am|an|in|im|auf|à|dans|en|sur|au"},
    // Where a caption's band goes.
    NamedPhrase{
        "below",
        "([at|on|to|in|along|from] [the|its] [very] (bottom|foot) [edge|centre|center] [of <it>]|below [<it>]|"
        "underneath [<it>]|beneath [<it>]|under [<it>]|unten|darunter|am unteren rand|unter [das bild|dem bild]|"
        "en bas|au bas|dessous|en dessous|sous l image) =below"},
    NamedPhrase{
        "above",
        "([at|on|to|in|along] [the|its] [very] (top|head) [edge|centre|center] [of <it>]|above [<it>]|on top|over <it>|"
        "oben|darüber|am oberen rand|über [das bild|dem bild]|en haut|au dessus|au haut) =above"},
    NamedPhrase{"quote_intro",
                "[that|which] (says|reads|saying|reading|states|stating|goes)|[with|of] [the] (text|words|word|title)|"
                "as|mit dem text|mit den worten|qui dit|avec le texte"},
    // Geometry
    NamedPhrase{"rotate",
                "rotate|turn|spin|drehe|dreh|drehen|rotiere|tourne|tourner|pivote|pivoter|fais pivoter|fais tourner"},
    NamedPhrase{"turn_way",
                "[to|toward|towards|to the|towards the|in the|in a|nach|vers la|à|a|sur la] "
                "((left|anti clockwise|anticlockwise|counter clockwise|counterclockwise|ccw|links|gegen den "
                "uhrzeigersinn|gauche) =left|"
                "(right|clockwise|cw|rechts|im uhrzeigersinn|droite)) [direction|hand side|side]"},
    NamedPhrase{"flip", "flip|mirror|reflect|spiegle|spiegele|spiegel|retourne|inverse|miroir"},
    NamedPhrase{"flip_way",
                "horizontally|horizontal|sideways|[from] left to right|left right|right to left|around the vertical "
                "axis|waagerecht|waagrecht|"
                "horizontalement|in a mirror|"
                "(vertically|vertical|upside down|[from] top to bottom|top bottom|bottom to top|over|around the "
                "horizontal axis|senkrecht|vertikal|"
                "verticalement) =vertical"},
    NamedPhrase{"resize",
                "resize|rescale|scale|shrink|enlarge|reduce|downscale|upscale|make|expand|blow up|"
                "skaliere|verkleinere|vergrößere|bringe|mache|mach|redimensionne|réduis|agrandis"},
    NamedPhrase{"fraction",
                "(half|[the|die] hälfte|halbe|moitié|la moitié) =half|([a|one] third|ein drittel|un tiers) =third|"
                "([a|one] quarter|ein viertel|un quart) =quarter|(double|twice|doppelte) =double|triple =triple"},
    NamedPhrase{"its_size",
                "[its|the|ihre|seine|der|sa|de sa|of its|of the] [original|current|full|present|originalen] "
                "(size|dimensions|resolution|größe|taille)"},
    NamedPhrase{"crop", "crop|cut|trim|schneide|beschneide|recadre|rogne"},
    NamedPhrase{"keep", "keep|retain|show|leave|use|behalte|garde"},
    NamedPhrase{"crop_to", "[down] (to|into|to show|to keep|auf|sur|à) [only]"},
    NamedPhrase{"crop_away",
                "crop|cut|trim|cut off|crop off|trim off|remove|shave|chop|chop off|take|schneide|rogne|coupe"},
    NamedPhrase{"crop_side",
                "(top|upper|obere|oberen|haut) =top|(bottom|lower|untere|unteren|bas) =bottom|"
                "(left|linke|linken|gauche) =left|(right|rechte|rechten|droite) =right"},
    NamedPhrase{"crop_part",
                "<crop_side> [hand] (half|hälfte|moitié) [of <it>]|(moitié|la moitié) (gauche =left|droite "
                "=right|haute =top|basse =bottom) [of <it>]|"
                "<crop_side> (third|drittel|tiers) =third [of <it>]|"
                "<crop_side> (quarter|viertel|quart) =quarter [of <it>]|"
                "((top|upper) =top|(bottom|lower) =bottom) [hand] (left =left|right =right) [hand] "
                "(quarter|quadrant|corner|part) =quarter [of <it>]|"
                "(centre|center|middle|mitte|milieu) =centre [half|part] [of <it>]"},
    NamedPhrase{"one_side", "[the|its|each|der|von|vom|du|la] (<crop_side>) [side|edge|hand side|margin] [of <it>]"},
    NamedPhrase{
        "crop_sides",
        "<one_side> [[,] [and] [from|off] <one_side>] [[,] [and] [from|off] <one_side>]|"
        "[the|its] top and bottom =top =bottom [edges|sides]|[the|its] left and right =left =right [edges|sides]|"
        "(all|all four|each|every|all the|every single) (sides|side|edges|edge|around|directions) =all|all around "
        "=all|every edge =all"},
    NamedPhrase{"before",
                "[original|unedited|old|before] (original|before|original "
                "(version|picture|image|photo)|originalbild|originale)"},
    NamedPhrase{
        "after",
        "result|after|edit|edited|edited (version|one|picture|image|photo)|new (version|one|picture|image)|modified "
        "version|"
        "changed version|<grey> (version|one|picture|image|copy) =grey|<sepia> (version|one|picture|image|copy) =sepia|"
        "<grey> =grey|<sepia> =sepia|it|ergebnis|résultat|this"},
    NamedPhrase{"beside",
                "(side by side|next to each other|next to one another|beside each other|next "
                "to|beside|alongside|together with|nebeneinander|"
                "neben|côte à côte|à côté) =beside"},
    // Drawing
    NamedPhrase{"frame", "border|frame|edge|margin|rahmen|rand|bordure|cadre"},
    NamedPhrase{"thickness",
                "(thin|narrow|fine|slim|small|dünnen|dünner|schmalen|fin|fine|mince) =thin|"
                "(thick|wide|heavy|broad|fat|bold|dicken|dicker|breiten|épais|épaisse|large) =thick|simple|plain|solid|"
                "<number> <pixels> =pixels [wide|thick|breiten]|<percent>"},
    NamedPhrase{
        "frame_more",
        "(around|round|to|on|at|um) [<it>|the edges|the edge|it all|outside]|autour [de <it>|de l image]|"
        "(in|en|of|de) <colour>|(épaisse|épais) =thick|(fine|fin|mince) =thin|(of|with|de|von|mit) [<a>] "
        "[width|thickness] [of] <number> <pixels> =pixels|"
        "(of|with) [<a>] [width|thickness] [of] <percent>|[,] <number> <pixels> =pixels (wide|thick|in width)|à <it>"},
    NamedPhrase{"caption_word",
                "(caption|subtitle|subcaption|bildunterschrift|unterschrift|beschriftung|légende)|"
                "(title|heading|headline|header|titel|überschrift|titre) =title"},
    NamedPhrase{"caption_place", "<below>|<above>"},
    NamedPhrase{"label_word",
                "text|words|word|label|lettering|letters|watermark|text overlay|overlay "
                "text|stamp|texte|beschriftung|inscription|note|annotation"},
    NamedPhrase{"label_more",
                "(in|en) <colour> [letters|text|lettering|type|schrift|buchstaben]|in [large|big|bold|small] letters"},
    NamedPhrase{"size", "small =small|(large|big|huge|great) =large|bold|thick|thin"},
    NamedPhrase{"arrow_word", "arrow|pfeil|flèche"},
    NamedPhrase{
        "pointing",
        "pointing|that points|which points|that is pointing|directed|aimed|der|qui pointe|pointant|zeigend|der zeigt"},
    NamedPhrase{"toward", "to|at|towards|toward|into|nach|auf|zu|zur|zum|vers|in"},
    NamedPhrase{
        "direction",
        "[to the|nach|vers la|vers le] ((left|leftwards|links|gauche) =left|(right|rightwards|rechts|droite) =right|"
        "(up|upwards|upward|oben|haut) =up|(down|downwards|downward|unten|bas) =down)"},
    NamedPhrase{"circle_word", "circle|ring|kreis|cercle"},
    NamedPhrase{"box_word", "box|rectangle|square|frame|kasten|rechteck|rectangle"},
    NamedPhrase{"box_part",
                "<crop_side> half|<crop_side> third =third|((top|upper) =top|(bottom|lower) =bottom) (left =left|right "
                "=right) quarter =quarter|"
                "<it> =whole"},
    NamedPhrase{"sheer",
                "semi transparent|semitransparent|transparent|translucent|half transparent|see through|"
                "(light|slight|subtle|faint) =light|(strong|heavy|dark) =strong"},
    NamedPhrase{"overlay_word", "overlay|tint|filter|layer|wash|colour overlay|color overlay|colour cast|veil"},
    NamedPhrase{"overlay_more",
                "(at|of|with) [<a>] [opacity|transparency =transparency] [of] <percent> [opacity|transparency "
                "=transparency|transparent =transparency]"},
};

}  // namespace

std::span<const NamedPhrase> named_phrases() { return kPhrases; }

std::string_view filler_pattern() {
  return "(,|;|.|!|?|and|then|also|plus|as well|too|please|kindly|finally|lastly|next|first|afterwards|after "
         "that|now|just|simply|"
         "can you|could you|would you|i want you to|i want to|i want|i would like you to|i would like to|i d like you "
         "to|i d like|i would like|"
         "i d like to|we need to|let us|let s|i need you to|you should|thanks|thank you|for me|"
         "und|dann|danach|anschließend|zum schluss|bitte|auch|noch|kannst du|könntest du|"
         "et|puis|ensuite|enfin|aussi|d abord|s il te plaît|s il vous plaît|peux tu|pouvez vous|merci)";
}

}  // namespace llmi::tools::edit
