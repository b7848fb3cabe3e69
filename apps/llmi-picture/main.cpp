// Decodes one picture from standard input, under limits, and writes it re-encoded to standard output behind a line
// "png 640 480". Exit code 2 with a message on standard error: the picture is at fault.
//
//   llmi-picture decode MAX_PIXELS MAX_SIDE

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vips/vips8>

#include "jail.h"
#include "recognise.h"

namespace llmi::picture {
namespace {

using vips::VImage;

struct Refused {
  std::string message;
};

std::string read_input() {
  std::string bytes;
  char buffer[65536];
  ssize_t n = 0;
  while ((n = ::read(0, buffer, sizeof buffer)) > 0) bytes.append(buffer, static_cast<std::size_t>(n));
  return bytes;
}

VImage load(const std::string& bytes, double max_pixels) {
  const std::string_view loader = loader_for(bytes);
  if (loader.empty()) throw Refused{"it is not a PNG, JPEG, GIF, WebP, TIFF or SVG picture"};
  if (loader.find("Svg") != std::string_view::npos) {
    if (const std::string message = foreign_parts(bytes); !message.empty()) throw Refused{message};
  }
  VImage picture = VImage::new_from_buffer(bytes.data(), bytes.size(), "", VImage::option()->set("access", VIPS_ACCESS_RANDOM)->set("fail_on", VIPS_FAIL_ON_TRUNCATED));
  if (static_cast<double>(picture.width()) * picture.height() > max_pixels)
    throw Refused{"it has " + std::to_string(picture.width()) + " x " + std::to_string(picture.height()) + " pixels, which is more than is read"};
  return picture;
}

VImage normalise(VImage picture, int max_side) {
  picture = picture.autorot();
  const int longest = std::max(picture.width(), picture.height());
  if (longest > max_side) picture = picture.resize(static_cast<double>(max_side) / longest);
  if (vips_icc_present() != 0 && picture.get_typeof("icc-profile-data") != 0) {
    picture = picture.icc_transform("srgb", VImage::option()->set("embedded", true));
  }
  picture = picture.colourspace(VIPS_INTERPRETATION_sRGB);
  if (picture.format() != VIPS_FORMAT_UCHAR) picture = picture.cast(VIPS_FORMAT_UCHAR);
  return picture;
}

/// Photographs are opaque and have many colours; everything else is better and often smaller as PNG.
bool looks_drawn(const VImage& picture) {
  if (picture.has_alpha()) return true;
  const VImage sample = picture.resize(std::min(1.0, 96.0 / std::max(picture.width(), picture.height())), VImage::option()->set("kernel", VIPS_KERNEL_NEAREST));
  const VImage histogram = sample.hist_find_ndim(VImage::option()->set("bins", 16));
  return (histogram > 0).avg() / 255.0 * histogram.width() * histogram.height() * histogram.bands() < 300;
}

void write(const VImage& picture) {
  const bool png = looks_drawn(picture);
  void* data = nullptr;
  std::size_t size = 0;
  if (png) {
    picture.write_to_buffer(".png", &data, &size, VImage::option()->set("strip", true)->set("compression", 6));
  } else {
    picture.write_to_buffer(".jpg", &data, &size, VImage::option()->set("strip", true)->set("Q", 88)->set("optimize_coding", true));
  }
  std::printf("%s %d %d\n", png ? "png" : "jpg", picture.width(), picture.height());
  std::fwrite(data, 1, size, stdout);
  std::fflush(stdout);
  g_free(data);
}

int run(int argc, char** argv) {
  if (argc != 4 || std::string(argv[1]) != "decode") {
    std::fputs("usage: llmi-picture decode MAX_PIXELS MAX_SIDE\n", stderr);
    return 64;
  }
  // Our message says what is wrong; the library's own warnings would only repeat it, often by the thousand.
  setenv("VIPS_WARNING", "0", 1);
  if (VIPS_INIT(argv[0]) != 0) return 70;
  vips_concurrency_set(1);
  vips_cache_set_max(0);
  vips_block_untrusted_set(TRUE);
  if (!enter_jail()) {
    std::fputs("the kernel refuses to limit the decoder\n", stderr);
    return 70;
  }
  try {
    const std::string bytes = read_input();
    write(normalise(load(bytes, std::atof(argv[2])), std::atoi(argv[3])));
    return 0;
  } catch (const Refused& refused) {
    std::fprintf(stderr, "%s\n", refused.message.c_str());
  } catch (const vips::VError& error) {
    std::fprintf(stderr, "it is damaged: %s\n", error.what());
  }
  return 2;
}

}  // namespace
}  // namespace llmi::picture

int main(int argc, char** argv) {
  const int code = llmi::picture::run(argc, argv);
  std::fflush(nullptr);
  // libvips joins its threads on a normal exit, which is of no use here.
  ::_exit(code);
}
