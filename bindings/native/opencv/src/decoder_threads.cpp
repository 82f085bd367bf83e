#include "decoder_threads.h"

#ifdef TCLR_OPENCV_HAS_THREADS

tclr::DecoderThreads::DecoderThreads(std::vector<int>&) {}
tclr::DecoderThreads::~DecoderThreads() = default;

#else

#include <dlfcn.h>

#include <cstddef>
#include <cstdint>

namespace {

constexpr int kThreads = 70;  // cv::CAP_PROP_N_THREADS of later releases

thread_local int threads = 0;

}  // namespace

tclr::DecoderThreads::DecoderThreads(std::vector<int>& parameters) {
  for (std::size_t i = 0; i + 1 < parameters.size(); i += 2) {
    if (parameters[i] == kThreads) {
      threads = parameters[i + 1];
      const auto at = parameters.begin() + static_cast<std::ptrdiff_t>(i);
      parameters.erase(at, at + 2);
      break;
    }
  }
}

tclr::DecoderThreads::~DecoderThreads() { threads = 0; }

// OpenCV's call of this function of FFmpeg comes here first, because this library precedes FFmpeg's in the scope that
// OpenCV is loaded into. Were it otherwise, the number of threads would stay OpenCV's choice and nothing else change.
extern "C" __attribute__((visibility("default"))) int avcodec_open2(void* context, const void* codec, void** options) {
  using Open = int (*)(void*, const void*, void**);
  using SetInt = int (*)(void*, const char*, int64_t, int);
  static const auto open = reinterpret_cast<Open>(dlsym(RTLD_NEXT, "avcodec_open2"));
  static const auto set_int = reinterpret_cast<SetInt>(dlsym(RTLD_NEXT, "av_opt_set_int"));
  if (open == nullptr) {
    return -1;  // an error of FFmpeg's kind: the video does not open
  }
  if (threads > 0 && set_int != nullptr) {
    set_int(context, "threads", threads, 0);
  }
  return open(context, codec, options);
}

#endif
