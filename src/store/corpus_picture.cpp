#include "store/corpus_picture.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <utility>

#include "store/corpus_markup.h"

namespace llmi::store {
namespace {

constexpr std::size_t kHeadBytes = std::size_t{1} << 20;
constexpr std::size_t kTailBytes = std::size_t{64} << 10;
constexpr std::uint64_t kMaxFileBytes = std::uint64_t{64} << 20;

std::unexpected<Error> bad(std::string reason) {
  return fail(ErrorCode::kUnreadable, Origin::kCaller, std::move(reason));
}

/// Numbers out of bytes; reading outside gives 0 and is remembered by nobody, since 0 is refused wherever it matters.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes, bool big_endian = true) : bytes_(bytes), big_(big_endian) {}
  [[nodiscard]] std::uint32_t u8(std::size_t at) const {
    return at < bytes_.size() ? static_cast<unsigned char>(bytes_[at]) : 0U;
  }
  [[nodiscard]] std::uint32_t u16(std::size_t at) const {
    return big_ ? (u8(at) << 8U) | u8(at + 1) : u8(at) | (u8(at + 1) << 8U);
  }
  [[nodiscard]] std::uint32_t u32(std::size_t at) const {
    return big_ ? (u16(at) << 16U) | u16(at + 2) : u16(at) | (u16(at + 2) << 16U);
  }
  [[nodiscard]] std::string_view part(std::size_t at, std::size_t size) const {
    return at < bytes_.size() ? bytes_.substr(at, size) : std::string_view{};
  }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

 private:
  std::string_view bytes_;
  bool big_;
};

void set_if_empty(std::string& slot, std::string_view bytes) {
  if (slot.empty()) slot = clean_text(decode_references(bytes));
}

void set_size(PictureFacts& facts, std::uint32_t width, std::uint32_t height) {
  constexpr std::uint32_t kMaxSide = 1U << 30U;
  facts.width = static_cast<int>(std::min(width, kMaxSide));
  facts.height = static_cast<int>(std::min(height, kMaxSide));
}

void read_xmp(PictureFacts& facts, std::string_view xmp) {
  set_if_empty(facts.title, element_text(xmp, "dc:title"));
  set_if_empty(facts.description, element_text(xmp, "dc:description"));
  set_if_empty(facts.creator, element_text(xmp, "dc:creator"));
  set_if_empty(facts.licence, element_text(xmp, "cc:license"));
}

/// A TIFF folder of tags, alone or inside EXIF. `use_size`: the tags decide the picture's size.
void read_tiff(PictureFacts& facts, std::string_view tiff, bool use_size) {
  const Bytes bytes(tiff, tiff.starts_with("MM"));
  const std::size_t folder = bytes.u32(4);
  const std::size_t count = std::min<std::size_t>(bytes.u16(folder), 512);
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint32_t orientation = 1;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t entry = folder + 2 + 12 * i;
    const std::uint32_t kind = bytes.u16(entry + 2);
    const std::uint32_t length = bytes.u32(entry + 4);
    const std::uint32_t number = kind == 3 ? bytes.u16(entry + 8) : bytes.u32(entry + 8);
    const std::string_view raw = length <= 4 ? bytes.part(entry + 8, length) : bytes.part(bytes.u32(entry + 8), length);
    const std::string_view text = kind == 2 ? raw.substr(0, raw.find('\0')) : std::string_view{};
    switch (bytes.u16(entry)) {
      case 256:
        width = number;
        break;
      case 257:
        height = number;
        break;
      case 270:
        set_if_empty(facts.description, text);
        break;
      case 274:
        orientation = number;
        break;
      case 315:
        set_if_empty(facts.creator, text);
        break;
      default:
        break;
    }
  }
  if (use_size) set_size(facts, width, height);
  if (orientation >= 5 && orientation <= 8) std::swap(facts.width, facts.height);
}

void read_png_text(PictureFacts& facts, std::string_view chunk, bool international) {
  const std::size_t key_end = chunk.find('\0');
  if (key_end == std::string_view::npos) return;
  const std::string_view key = chunk.substr(0, key_end);
  std::string_view text = chunk.substr(key_end + 1);
  if (international) {
    if (text.size() < 2 || text[0] != 0) return;  // compressed
    text.remove_prefix(2);
    for (int i = 0; i < 2; ++i) {  // language, translated key
      const std::size_t end = text.find('\0');
      if (end == std::string_view::npos) return;
      text.remove_prefix(end + 1);
    }
  }
  if (key == "XML:com.adobe.xmp") return read_xmp(facts, text);
  if (key == "Title") set_if_empty(facts.title, text);
  if (key == "Description") set_if_empty(facts.description, text);
  if (key == "Author") set_if_empty(facts.creator, text);
  if (key == "Copyright" || key == "License") set_if_empty(facts.licence, text);
}

Result<PictureFacts> read_png(const FileEnds& file) {
  constexpr std::string_view kEnd{"IEND\xAE\x42\x60\x82", 8};
  const Bytes bytes(file.head);
  PictureFacts facts;
  set_size(facts, bytes.u32(16), bytes.u32(20));
  for (std::size_t at = 8; at + 12 <= file.head.size();) {
    const std::size_t length = bytes.u32(at);
    const std::string_view kind = bytes.part(at + 4, 4);
    const std::string_view chunk = bytes.part(at + 8, length);
    if (kind == "tEXt" || kind == "iTXt") read_png_text(facts, chunk, kind == "iTXt");
    if (kind == "eXIf") read_tiff(facts, chunk, false);
    if (kind == "IEND") break;
    at += 12 + length;
  }
  if (file.tail.find(kEnd) == std::string_view::npos) return bad("cut off: its end is missing");
  return facts;
}

void read_jpeg_application(PictureFacts& facts, std::string_view segment) {
  constexpr std::string_view kExif{"Exif\0\0", 6};
  constexpr std::string_view kXmp{"http://ns.adobe.com/xap/1.0/\0", 29};
  if (segment.starts_with(kExif)) read_tiff(facts, segment.substr(kExif.size()), false);
  if (segment.starts_with(kXmp)) read_xmp(facts, segment.substr(kXmp.size()));
}

Result<PictureFacts> read_jpeg(const FileEnds& file) {
  const Bytes bytes(file.head);
  PictureFacts texts;
  std::optional<std::pair<std::uint32_t, std::uint32_t>> size;
  for (std::size_t at = 2; at + 4 <= file.head.size();) {
    if (bytes.u8(at) != 0xFF) break;
    const std::uint32_t marker = bytes.u8(at + 1);
    if (marker == 0xFF) {
      ++at;
      continue;
    }
    if (marker == 0xDA || marker == 0xD9) break;
    const std::size_t length = bytes.u16(at + 2);
    if (length < 2) break;
    const bool frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (frame) size = {bytes.u16(at + 7), bytes.u16(at + 5)};
    // EXIF stands before the frame, so its orientation is kept as a size of 1 x 2 turned or not.
    if (marker == 0xE1) {
      if (texts.width == 0) texts.width = 1, texts.height = 2;
      read_jpeg_application(texts, bytes.part(at + 4, length - 2));
    }
    if (marker == 0xFE) set_if_empty(texts.description, bytes.part(at + 4, length - 2));
    at += 2 + length;
  }
  if (!size) return bad("a JPEG without a size");
  if (file.tail.rfind("\xFF\xD9") == std::string_view::npos) return bad("cut off: its end is missing");
  const bool turned = texts.width > texts.height;
  set_size(texts, turned ? size->second : size->first, turned ? size->first : size->second);
  return texts;
}

Result<PictureFacts> read_webp(const FileEnds& file) {
  const Bytes bytes(file.head, false);
  if (std::uint64_t{bytes.u32(4)} + 8 > file.size) return bad("cut off: its end is missing");
  PictureFacts facts;
  for (std::size_t at = 12; at + 8 <= file.head.size();) {
    const std::string_view kind = bytes.part(at, 4);
    const std::size_t length = bytes.u32(at + 4);
    const std::size_t data = at + 8;
    if (kind == "VP8X") set_size(facts, 1 + (bytes.u32(data + 4) & 0xFFFFFFU), 1 + (bytes.u32(data + 7) & 0xFFFFFFU));
    if (kind == "VP8 " && facts.width == 0)
      set_size(facts, bytes.u16(data + 6) & 0x3FFFU, bytes.u16(data + 8) & 0x3FFFU);
    if (kind == "VP8L" && facts.width == 0)
      set_size(facts, 1 + (bytes.u32(data + 1) & 0x3FFFU), 1 + ((bytes.u32(data + 1) >> 14U) & 0x3FFFU));
    if (kind == "XMP ") read_xmp(facts, bytes.part(data, length));
    if (kind == "EXIF") read_tiff(facts, bytes.part(data, length), false);
    at = data + length + (length & 1U);
  }
  return facts;
}

Result<PictureFacts> read_gif(const FileEnds& file) {
  const Bytes bytes(file.head, false);
  PictureFacts facts;
  set_size(facts, bytes.u16(6), bytes.u16(8));
  if (file.tail.find_last_of(';') == std::string_view::npos) return bad("cut off: its end is missing");
  return facts;
}

Result<PictureFacts> read_bmp(const FileEnds& file) {
  const Bytes bytes(file.head, false);
  PictureFacts facts;
  const auto height = static_cast<std::int32_t>(bytes.u32(22));  // negative: stored from top to bottom
  if (height == INT32_MIN) return bad("a BMP without a size");
  set_size(facts, bytes.u32(18), static_cast<std::uint32_t>(std::abs(height)));
  if (bytes.u32(10) >= file.size) return bad("cut off: its end is missing");
  return facts;
}

/// "12.5cm" -> pixels at 96 dpi; 0 when it is no length ("100%").
std::uint32_t svg_length(std::string_view text) {
  constexpr std::pair<std::string_view, double> kUnits[] = {
      {"", 1}, {"px", 1}, {"pt", 96.0 / 72}, {"pc", 16}, {"mm", 96 / 25.4}, {"cm", 96 / 2.54}, {"in", 96}};
  const std::string copy(text.substr(0, 40));
  char* end = nullptr;
  const double number = std::strtod(copy.c_str(), &end);
  std::string_view unit(end);
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  for (const auto& [name, factor] : kUnits)
    if (unit == name && number > 0 && number * factor < 1e9)
      return static_cast<std::uint32_t>(std::lround(std::ceil(number * factor)));
  return 0;
}

void set_svg_view_box(PictureFacts& facts, std::string_view box) {
  double numbers[4] = {};
  std::string copy(box.substr(0, 200));
  std::ranges::replace(copy, ',', ' ');
  const char* at = copy.c_str();
  for (double& number : numbers) {
    char* end = nullptr;
    number = std::strtod(at, &end);
    if (end == at) return;
    at = end;
  }
  const auto side = [](double v) { return v >= 1 && v < 1e9 ? static_cast<std::uint32_t>(std::lround(v)) : 0U; };
  set_size(facts, side(numbers[2]), side(numbers[3]));
}

Result<PictureFacts> read_svg(const FileEnds& file) {
  const std::size_t begin = file.head.find("<svg");
  const std::size_t end = begin == std::string_view::npos ? begin : file.head.find('>', begin);
  if (end == std::string_view::npos) return bad("not a picture");
  const std::string_view tag = file.head.substr(begin, end - begin + 1);
  PictureFacts facts;
  if (const auto box = attribute(tag, "viewBox")) set_svg_view_box(facts, *box);
  const std::uint32_t width = svg_length(attribute(tag, "width").value_or(""));
  const std::uint32_t height = svg_length(attribute(tag, "height").value_or(""));
  if (width > 0 && height > 0) set_size(facts, width, height);
  if (facts.width == 0) set_size(facts, 300, 150);  // what CSS gives a picture without a size
  if (file.tail.rfind("</svg") == std::string_view::npos && !tag.ends_with("/>"))
    return bad("cut off: its end is missing");
  read_xmp(facts, file.head);
  set_if_empty(facts.title, element_text(file.head, "title"));
  set_if_empty(facts.description, element_text(file.head, "desc"));
  return facts;
}

Result<PictureFacts> read_by_content(const FileEnds& file) {
  const std::string_view head = file.head;
  if (head.starts_with("\x89PNG\r\n\x1A\n")) return read_png(file);
  if (head.starts_with("\xFF\xD8\xFF")) return read_jpeg(file);
  if (head.starts_with("GIF87a") || head.starts_with("GIF89a")) return read_gif(file);
  if (head.starts_with("RIFF") && head.substr(0, 12).ends_with("WEBP")) return read_webp(file);
  if (head.starts_with("BM")) return read_bmp(file);
  if (head.starts_with(std::string_view("II*\0", 4)) || head.starts_with(std::string_view("MM\0*", 4))) {
    PictureFacts facts;
    read_tiff(facts, head, true);
    return facts;
  }
  const std::size_t text = head.find_first_not_of("\xEF\xBB\xBF \t\r\n");
  if (text != std::string_view::npos && head[text] == '<') return read_svg(file);
  return bad(head.empty() ? "empty" : "not a picture");
}

std::string read_part(int fd, std::uint64_t at, std::size_t size) {
  std::string part(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    const ssize_t n = ::pread(fd, part.data() + have, size - have, static_cast<off_t>(at + have));
    if (n <= 0) break;
    have += static_cast<std::size_t>(n);
  }
  part.resize(have);
  return part;
}

}  // namespace

Result<PictureFacts> picture_facts(const FileEnds& file) {
  LLMI_TRY(PictureFacts facts, read_by_content(file));
  if (facts.width <= 0 || facts.height <= 0) return bad("its header gives no size");
  return facts;
}

Result<PictureFacts> picture_facts(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return bad("cannot be opened");
  struct stat status{};
  if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(fd);
    return bad("not a regular file");
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size > kMaxFileBytes) {
    ::close(fd);
    return bad(fmt::format("larger than {} MiB", kMaxFileBytes >> 20U));
  }
  // The tags of a TIFF may stand at its end.
  const std::string magic = read_part(fd, 0, 4);
  const bool whole = size <= kHeadBytes + kTailBytes || magic.starts_with("II") || magic.starts_with("MM");
  const std::string head = read_part(fd, 0, whole ? static_cast<std::size_t>(size) : kHeadBytes);
  const std::string tail = whole ? std::string() : read_part(fd, size - kTailBytes, kTailBytes);
  ::close(fd);
  return picture_facts(
      FileEnds{.head = head, .tail = whole ? std::string_view(head) : std::string_view(tail), .size = size});
}

}  // namespace llmi::store
