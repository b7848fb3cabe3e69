#include "tools/search/local_provider.h"

#include "base/file.h"
#include "tools/search/licence.h"

namespace llmi::tools {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{64} << 20;

class LocalProvider final : public Provider {
 public:
  explicit LocalProvider(std::shared_ptr<store::Corpora> corpora) : corpora_(std::move(corpora)) {}

  std::string_view name() const override { return "local"; }

  Availability availability() const override {
    for (const store::CorpusSpec& spec : corpora_->known()) {
      std::error_code ignored;
      if (std::filesystem::is_directory(spec.folder, ignored)) return {.usable = true};
    }
    return {.reason = "there is no picture collection on this machine",
            .remedy = "apt-get install tuxpaint-stamps-default openclipart-png, or llmi corpus add DIR"};
  }

  bool small_pictures() const override { return true; }

  std::string cache_identity(const RunContext& context) override { return corpora_->version(context).value_or(""); }

  Result<std::vector<Candidate>> search(const RunContext& context, const SearchQuery& query) override {
    LLMI_TRY(std::vector<store::FoundPicture> found, corpora_->search(context, query.text, query.hint, query.limit));
    std::vector<Candidate> candidates;
    for (store::FoundPicture& picture : found) candidates.push_back(candidate(std::move(picture)));
    return candidates;
  }

  Result<std::string> fetch(const RunContext& /*context*/, const Candidate& candidate) override {
    return read_file(candidate.file, kMaxFileBytes);
  }

 private:
  static Candidate candidate(store::FoundPicture picture) {
    Candidate result{.provider = "local",
                     .title = std::move(picture.title),
                     .file = std::move(picture.file),
                     .page_url = std::move(picture.page_url),
                     .width = picture.width,
                     .height = picture.height,
                     .creator = std::move(picture.creator),
                     .licence = normalise_licence(picture.licence),
                     .licence_url = std::move(picture.licence_url),
                     .attribution = std::move(picture.attribution),
                     .score = picture.score};
    if (result.licence_url.empty()) result.licence_url = licence_url(result.licence);
    return result;
  }

  std::shared_ptr<store::Corpora> corpora_;
};

}  // namespace

std::unique_ptr<Provider> make_local_provider(std::shared_ptr<store::Corpora> corpora) {
  return std::make_unique<LocalProvider>(std::move(corpora));
}

}  // namespace llmi::tools
