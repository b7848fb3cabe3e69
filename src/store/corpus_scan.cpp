#include "store/corpus_scan.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>

#include "base/file.h"
#include "base/sha256.h"
#include "store/corpus_markup.h"
#include "store/corpus_picture.h"
#include "store/corpus_sidecar.h"
#include "store/corpus_titles.h"
#include "store/corpus_words.h"

namespace llmi::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxSidecarBytes = std::size_t{256} << 10;

struct Listing {
  std::vector<std::string> folders;   // "" is the corpus folder itself
  std::vector<std::string> pictures;  // by name
  std::set<std::string> sidecars;
  std::multimap<std::string, std::string> links;  // picture -> links to it
  std::vector<Problem> skipped;
};

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool has_picture_name(const std::string& extension) {
  constexpr std::array<std::string_view, 9> kExtensions{".png",  ".jpg", ".jpeg", ".svg", ".gif",
                                                        ".webp", ".tif", ".tiff", ".bmp"};
  return std::ranges::find(kExtensions, extension) != kExtensions.end();
}

/// Adds a symbolic link: a second name of a picture of the same folder.
void add_link(Listing& listing, const fs::path& root, const fs::path& link, const std::string& file) {
  std::error_code error;
  const fs::path target = fs::canonical(link, error);
  const std::string inside = error ? "" : target.lexically_relative(root).generic_string();
  if (inside.empty() || inside.starts_with("..")) {
    listing.skipped.push_back({file, error ? "a link that leads nowhere" : "a link that leads out of the folder"});
  } else {
    listing.links.emplace(inside, file);
  }
}

void add_entry(Listing& listing, const fs::path& root, const fs::directory_entry& entry) {
  std::error_code error;
  const std::string file = entry.path().string().substr(root.string().size() + 1);
  const std::string extension = lower(entry.path().extension().string());
  const bool link = entry.is_symlink(error);
  if (!link && entry.is_directory(error)) {
    listing.folders.push_back(file);
  } else if (has_picture_name(extension)) {
    if (link) return add_link(listing, root, entry.path(), file);
    listing.pictures.push_back(file);
  } else if (!link && (extension == ".txt" || extension == ".json")) {
    listing.sidecars.insert(file);
  }
}

Result<Listing> list_folder(const RunContext& context, const fs::path& root) {
  std::error_code error;
  fs::recursive_directory_iterator at(root, fs::directory_options::skip_permission_denied, error);
  if (error)
    return fail(ErrorCode::kUnreadable, Origin::kCaller,
                fmt::format("cannot read {}: {}", root.string(), error.message()));
  Listing listing;
  listing.folders.emplace_back();
  for (std::size_t n = 0; at != fs::recursive_directory_iterator(); at.increment(error), ++n) {
    if (n % 256 == 0) LLMI_CHECK_OK(context.check());
    add_entry(listing, root, *at);
    if (error)
      return fail(ErrorCode::kUnreadable, Origin::kCaller,
                  fmt::format("cannot read {}: {}", root.string(), error.message()));
  }
  std::ranges::sort(listing.pictures);
  std::ranges::sort(listing.folders);
  return listing;
}

std::vector<std::string> watched_paths(const Listing& listing, bool packaged) {
  std::vector<std::string> watched = listing.folders;
  if (packaged) return watched;
  watched.insert(watched.end(), listing.pictures.begin(), listing.pictures.end());
  watched.insert(watched.end(), listing.sidecars.begin(), listing.sidecars.end());
  return watched;
}

std::string without_extension(const std::string& file) {
  const std::size_t dot = file.rfind('.');
  const std::size_t slash = file.rfind('/');
  return dot == std::string::npos || (slash != std::string::npos && dot < slash) ? file : file.substr(0, dot);
}

/// Tux Paint's stamps come with ready-made mirrored and flipped forms of some pictures.
bool is_mirrored_form(const Listing& listing, const std::string& file) {
  const std::string base = without_extension(file);
  for (const std::string_view ending : {"_mirror_flip", "_mirror", "_flip"}) {
    if (!base.ends_with(ending)) continue;
    const std::string original = base.substr(0, base.size() - ending.size());
    for (const char* extension : {".png", ".svg"})
      if (std::ranges::binary_search(listing.pictures, original + extension)) return true;
  }
  return false;
}

Sidecar read_sidecars(const fs::path& root, const Listing& listing, const std::string& file,
                      std::vector<Problem>& warnings) {
  Sidecar sidecar;
  const std::string base = without_extension(file);
  for (const std::string& name : {base + ".json", file + ".json", base + ".txt", file + ".txt"}) {
    if (!listing.sidecars.contains(name)) continue;
    const Result<std::string> text = read_file(root / name, kMaxSidecarBytes);
    if (!text) {
      warnings.push_back({name, fmt::format("larger than {} KiB or unreadable", kMaxSidecarBytes >> 10U)});
    } else if (name.ends_with(".json")) {
      if (const auto added = add_json_sidecar(sidecar, *text); !added)
        warnings.push_back({name, added.error().message});
    } else {
      add_text_sidecar(sidecar, *text);
    }
  }
  return sidecar;
}

std::string first_of(const std::string& a, const std::string& b) { return a.empty() ? b : a; }

ScannedPicture combine(const CorpusSpec& spec, const std::string& file, const PictureFacts& facts, Sidecar sidecar) {
  ScannedPicture picture{.file = file, .width = facts.width, .height = facts.height};
  picture.title = first_of(sidecar.title, facts.title);
  picture.embedded_title = sidecar.title.empty();
  picture.creator = first_of(first_of(sidecar.creator, facts.creator), spec.creator);
  const std::string& own_licence = first_of(sidecar.licence, facts.licence);
  picture.licence = first_of(own_licence, spec.licence);
  picture.licence_url = own_licence.empty() && sidecar.licence_url.empty() ? spec.licence_url : sidecar.licence_url;
  picture.page_url = first_of(sidecar.page_url, spec.page_url);
  picture.attribution = sidecar.attribution;
  picture.description = sidecar.description;
  if (!facts.description.empty()) picture.description += "\n" + facts.description;
  if (!facts.title.empty() && facts.title != picture.title) picture.description += "\n" + facts.title;
  picture.translations = std::move(sidecar.translations);
  return picture;
}

void add_places(ScannedPicture& picture, const Listing& listing) {
  picture.place_words = fs::path(picture.file).parent_path().generic_string();
  const auto [first, last] = listing.links.equal_range(picture.file);
  for (auto link = first; link != last; ++link) picture.place_words += " " + without_extension(link->second);
}

void read_picture(const CorpusSpec& spec, const Listing& listing, const std::string& file, Scan& scan) {
  const Result<PictureFacts> facts = picture_facts(spec.folder / file);
  if (!facts) {
    scan.skipped.push_back({file, facts.error().message});
  } else if (std::int64_t{facts->width} * facts->height > kMaxPicturePixels) {
    scan.skipped.push_back(
        {file, fmt::format("too large: {} x {} pixels, the limit is 5120 x 5120", facts->width, facts->height)});
  } else {
    scan.pictures.push_back(combine(spec, file, *facts, read_sidecars(spec.folder, listing, file, scan.warnings)));
    add_places(scan.pictures.back(), listing);
  }
}

}  // namespace

std::string fingerprint(const std::filesystem::path& folder, std::span<const std::string> watched) {
  std::string state;
  for (const std::string& path : watched) {
    struct stat status{};
    const bool there = ::stat((folder / path).c_str(), &status) == 0;
    // A folder's size says nothing that its time does not say, and differs between file systems.
    const auto size = S_ISDIR(status.st_mode) ? 0 : status.st_size;
    if (there)
      fmt::format_to(std::back_inserter(state), "{}\n{}.{} {}\n", path, status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
                     size);
  }
  return sha256_hex(state);
}

Result<Scan> scan_corpus(const RunContext& context, const CorpusSpec& spec) {
  std::error_code error;
  if (!fs::is_directory(spec.folder, error)) return not_found(fmt::format("{} is not a folder", spec.folder.string()));
  LLMI_TRY(Listing listing, list_folder(context, spec.folder));
  Scan scan;
  scan.watched = watched_paths(listing, spec.packaged);
  scan.fingerprint = fingerprint(spec.folder, scan.watched);
  scan.skipped = std::move(listing.skipped);
  for (std::size_t n = 0; n < listing.pictures.size(); ++n) {
    if (n % 64 == 0) LLMI_CHECK_OK(context.check());
    if (spec.packaged && is_mirrored_form(listing, listing.pictures[n])) continue;
    read_picture(spec, listing, listing.pictures[n], scan);
  }
  LLMI_TRY(const std::unique_ptr<WordReader> reader, WordReader::make());
  settle_titles(scan.pictures, *reader);
  return scan;
}

}  // namespace llmi::store
