// The numbers that every program here draws: Marsaglia's xorshift128 ("Xorshift RNGs", 2003), mirrored in ../draws.ts.
#pragma once
#include <sys/resource.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

class Draws {
 public:
  explicit Draws(uint32_t seed) : x_(123456789u ^ seed), y_(362436069u), z_(521288629u), w_(88675123u) {
    for (int i = 0; i < 64; i++) next();
  }

  // Exponential with this mean, in whole microseconds.
  double exponential(double mean) { return std::floor(-mean * std::log(uniform()) + 0.5); }

 private:
  uint32_t next() {
    uint32_t t = x_ ^ (x_ << 11);
    x_ = y_;
    y_ = z_;
    z_ = w_;
    w_ = w_ ^ (w_ >> 19) ^ t ^ (t >> 8);
    return w_;
  }
  // In (0, 1).
  double uniform() { return (next() + 0.5) / 4294967296.0; }

  uint32_t x_, y_, z_, w_;
};

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// Linux knows the peak of this program alone; getrusage has the bigger of it and of the process that started it.
inline double peakMebibytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.rfind("VmHWM:", 0) == 0) return std::atof(line.c_str() + 6) / 1024;
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024.0;
}

// One line that the bench reads: units of work, seconds, peak memory, and a value that all programs must agree on.
inline void report(double units, double seconds, double agreed) {
  std::printf("RESULT {\"units\":%.0f,\"seconds\":%.6f,\"peakMebibytes\":%.1f,\"agreed\":%.6f}\n", units, seconds,
              peakMebibytes(), agreed);
}
