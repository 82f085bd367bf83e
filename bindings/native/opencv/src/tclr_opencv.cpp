// The part of OpenCV that Tclr uses, as a C interface.
//
// Every function returns 0, or 1 with a message in tclr_cv_last_error() (per thread): no exception crosses the border.
// Objects are handles, released once by their _delete function. The managed side serialises the use of one object.

#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <vector>

#include "decoder_threads.h"

#define TCLR_EXPORT extern "C" __attribute__((visibility("default")))

namespace {

thread_local std::string last_error;

int fail(const char* message) noexcept {
  try {
    last_error = message;
  } catch (...) {
    last_error.clear();
  }
  return 1;
}

template <typename Body>
int guarded(Body&& body) noexcept {
  try {
    body();
    return 0;
  } catch (const std::exception& e) {  // cv::Exception is one
    return fail(e.what());
  } catch (...) {
    return fail("unknown C++ exception");
  }
}

// Damaged videos are reported by Tclr itself, file by file; the codecs would write to stderr as well. .NET's
// SetEnvironmentVariable does not reach getenv, so it has to be done here.
__attribute__((constructor)) void silence() {
  setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", 0);
  if (std::getenv("OPENCV_LOG_LEVEL") == nullptr) {
    setenv("OPENCV_LOG_LEVEL", "SILENT", 0);
    // OpenCV may have read the variable already, when it was loaded.
    (void)guarded([] { cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT); });
  }
}

}  // namespace

struct tclr_cv_mat_info {
  void* data;
  int64_t step;
  int32_t rows;
  int32_t cols;
  int32_t type;
  int32_t continuous;
  int32_t empty;
};

TCLR_EXPORT const char* tclr_cv_last_error() noexcept { return last_error.c_str(); }

// ---- Mat

TCLR_EXPORT int tclr_cv_mat_new(cv::Mat** result) noexcept {
  return guarded([&] { *result = new cv::Mat(); });
}

TCLR_EXPORT int tclr_cv_mat_new_sized(int32_t rows, int32_t cols, int32_t type, cv::Mat** result) noexcept {
  return guarded([&] { *result = new cv::Mat(rows, cols, type); });
}

// The matrix shows `data` and does not own it.
TCLR_EXPORT int tclr_cv_mat_new_from_data(int32_t rows, int32_t cols, int32_t type, void* data, int64_t step,
                                          cv::Mat** result) noexcept {
  return guarded([&] { *result = new cv::Mat(rows, cols, type, data, static_cast<size_t>(step)); });
}

TCLR_EXPORT int tclr_cv_mat_delete(cv::Mat* mat) noexcept {
  return guarded([&] { delete mat; });
}

TCLR_EXPORT int tclr_cv_mat_info(const cv::Mat* mat, tclr_cv_mat_info* info) noexcept {
  return guarded([&] {
    *info = {mat->data,
             mat->dims > 0 ? static_cast<int64_t>(mat->step[0]) : 0,
             mat->rows,
             mat->cols,
             mat->type(),
             mat->isContinuous() ? 1 : 0,
             mat->empty() ? 1 : 0};
  });
}

// ---- VideoCapture

TCLR_EXPORT int tclr_cv_capture_new(const char* file_name, int32_t api, cv::VideoCapture** result) noexcept {
  return guarded([&] { *result = new cv::VideoCapture(file_name, api); });
}

// Parameters are pairs of a property's number and its value.
TCLR_EXPORT int tclr_cv_capture_new_with(const char* file_name, int32_t api, const int32_t* parameters,
                                         int32_t parameter_count, cv::VideoCapture** result) noexcept {
  return guarded([&] {
    std::vector<int> values(parameters, parameters + parameter_count);
    const tclr::DecoderThreads threads(values);
    *result = new cv::VideoCapture(file_name, api, values);
  });
}

TCLR_EXPORT int tclr_cv_capture_delete(cv::VideoCapture* capture) noexcept {
  return guarded([&] { delete capture; });
}

TCLR_EXPORT int tclr_cv_capture_is_opened(const cv::VideoCapture* capture, int32_t* result) noexcept {
  return guarded([&] { *result = capture->isOpened() ? 1 : 0; });
}

TCLR_EXPORT int tclr_cv_capture_get(const cv::VideoCapture* capture, int32_t property, double* result) noexcept {
  return guarded([&] { *result = capture->get(property); });
}

TCLR_EXPORT int tclr_cv_capture_set(cv::VideoCapture* capture, int32_t property, double value,
                                    int32_t* result) noexcept {
  return guarded([&] { *result = capture->set(property, value) ? 1 : 0; });
}

TCLR_EXPORT int tclr_cv_capture_grab(cv::VideoCapture* capture, int32_t* result) noexcept {
  return guarded([&] { *result = capture->grab() ? 1 : 0; });
}

TCLR_EXPORT int tclr_cv_capture_retrieve(cv::VideoCapture* capture, cv::Mat* image, int32_t flag,
                                         int32_t* result) noexcept {
  return guarded([&] { *result = capture->retrieve(*image, flag) ? 1 : 0; });
}

TCLR_EXPORT int tclr_cv_capture_read(cv::VideoCapture* capture, cv::Mat* image, int32_t* result) noexcept {
  return guarded([&] { *result = capture->read(*image) ? 1 : 0; });
}

TCLR_EXPORT int tclr_cv_capture_release(cv::VideoCapture* capture) noexcept {
  return guarded([&] { capture->release(); });
}

// ---- VideoWriter

TCLR_EXPORT int tclr_cv_writer_new(const char* file_name, int32_t api, int32_t fourcc, double fps, int32_t width,
                                   int32_t height, int32_t is_color, cv::VideoWriter** result) noexcept {
  return guarded([&] {
    *result = new cv::VideoWriter(file_name, api, fourcc, fps, cv::Size(width, height), is_color != 0);
  });
}

TCLR_EXPORT int tclr_cv_writer_delete(cv::VideoWriter* writer) noexcept {
  return guarded([&] { delete writer; });
}

TCLR_EXPORT int tclr_cv_writer_is_opened(const cv::VideoWriter* writer, int32_t* result) noexcept {
  return guarded([&] { *result = writer->isOpened() ? 1 : 0; });
}

TCLR_EXPORT int tclr_cv_writer_write(cv::VideoWriter* writer, const cv::Mat* image) noexcept {
  return guarded([&] { writer->write(*image); });
}

TCLR_EXPORT int tclr_cv_writer_release(cv::VideoWriter* writer) noexcept {
  return guarded([&] { writer->release(); });
}

// ---- Functions

TCLR_EXPORT int tclr_cv_resize(const cv::Mat* source, cv::Mat* destination, int32_t width, int32_t height, double fx,
                               double fy, int32_t interpolation) noexcept {
  return guarded([&] { cv::resize(*source, *destination, cv::Size(width, height), fx, fy, interpolation); });
}

TCLR_EXPORT int tclr_cv_cvt_color(const cv::Mat* source, cv::Mat* destination, int32_t code,
                                  int32_t channels) noexcept {
  return guarded([&] { cv::cvtColor(*source, *destination, code, channels); });
}

TCLR_EXPORT int tclr_cv_set_num_threads(int32_t threads) noexcept {
  return guarded([&] { cv::setNumThreads(threads); });
}

TCLR_EXPORT int tclr_cv_get_num_threads(int32_t* result) noexcept {
  return guarded([&] { *result = cv::getNumThreads(); });
}

// The bytes are the caller's, who gives them back to tclr_cv_free.
TCLR_EXPORT int tclr_cv_imencode(const char* extension, const cv::Mat* image, const int32_t* parameters,
                                 int32_t parameter_count, uint8_t** bytes, int64_t* length, int32_t* result) noexcept {
  return guarded([&] {
    *bytes = nullptr;
    *length = 0;
    std::vector<uint8_t> buffer;
    const std::vector<int> values(parameters, parameters + parameter_count);
    *result = cv::imencode(extension, *image, buffer, values) ? 1 : 0;
    if (*result == 0 || buffer.empty()) {
      return;
    }
    auto* copy = static_cast<uint8_t*>(std::malloc(buffer.size()));
    if (copy == nullptr) {
      throw std::bad_alloc();
    }
    std::memcpy(copy, buffer.data(), buffer.size());
    *bytes = copy;
    *length = static_cast<int64_t>(buffer.size());
  });
}

TCLR_EXPORT void tclr_cv_free(void* bytes) noexcept { std::free(bytes); }
