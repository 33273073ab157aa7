// Five containers of four slots and an endless queue each, round robin, Poisson 400/s, service Exp(40 ms): the bare queues,
// with no network, no time-outs, no failures and no metric but the mean latency.
#include <deque>
#include <queue>
#include <vector>

#include "draws.hpp"

namespace {
constexpr int kContainers = 5;
constexpr int kSlots = 4;
constexpr int kArrival = kContainers;

struct Event {
  double time;
  // A container that finishes a request, or kArrival.
  uint32_t kind;
  uint32_t request;
  bool operator>(const Event& other) const { return time > other.time; }
};

struct Request {
  double arrivedAt;
  double service;
};

struct Container {
  int busy = 0;
  std::deque<uint32_t> waiting;
};
}  // namespace

int main(int, char** arguments) {
  const double horizon = std::atof(arguments[1]) * 1e6;
  Draws arrivals(1), services(2);
  std::priority_queue<Event, std::vector<Event>, std::greater<Event>> queue;
  Container containers[kContainers];
  std::vector<Request> requests;
  std::vector<uint32_t> unused;
  double latency = 0;
  long answered = 0;
  int turn = 0;
  Stopwatch stopwatch;
  queue.push({arrivals.exponential(2500), kArrival, 0});
  while (!queue.empty()) {
    const Event event = queue.top();
    queue.pop();
    const double now = event.time;
    if (event.kind == kArrival) {
      uint32_t id = requests.size();
      if (unused.empty()) {
        requests.push_back({});
      } else {
        id = unused.back();
        unused.pop_back();
      }
      requests[id] = {now, services.exponential(40000)};
      const int chosen = turn;
      turn = (turn + 1) % kContainers;
      if (containers[chosen].busy < kSlots) {
        containers[chosen].busy++;
        queue.push({now + requests[id].service, static_cast<uint32_t>(chosen), id});
      } else {
        containers[chosen].waiting.push_back(id);
      }
      const double next = now + arrivals.exponential(2500);
      if (next < horizon) queue.push({next, kArrival, 0});
      continue;
    }
    Container& container = containers[event.kind];
    latency += now - requests[event.request].arrivedAt;
    answered++;
    unused.push_back(event.request);
    if (container.waiting.empty()) {
      container.busy--;
    } else {
      const uint32_t id = container.waiting.front();
      container.waiting.pop_front();
      queue.push({now + requests[id].service, event.kind, id});
    }
  }
  report(answered, stopwatch.seconds(), latency / answered / 1000);
}
