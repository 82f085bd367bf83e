// How many threads a video is decoded with, also where OpenCV itself cannot be told.
#pragma once

#include <vector>

namespace tclr {

// Takes the number of threads (property 70) out of the parameters where this OpenCV does not know it, and sees to it
// itself: for videos that the calling thread opens during the life of this object.
class DecoderThreads {
 public:
  explicit DecoderThreads(std::vector<int>& parameters);
  ~DecoderThreads();
  DecoderThreads(const DecoderThreads&) = delete;
  DecoderThreads& operator=(const DecoderThreads&) = delete;
};

}  // namespace tclr
