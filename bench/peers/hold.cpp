// The hold model on std::priority_queue: PENDING events; each step takes the earliest and schedules one Exp(1 s) later.
#include <queue>
#include <vector>

#include "draws.hpp"

struct Event {
  double time;
  uint32_t kind;
  uint32_t subject;
  bool operator>(const Event& other) const { return time > other.time; }
};

int main(int, char** arguments) {
  const long pending = std::atol(arguments[1]);
  const long steps = std::atol(arguments[2]);
  Draws draws(1);
  std::vector<Event> room;
  room.reserve(pending + 1);
  std::priority_queue<Event, std::vector<Event>, std::greater<Event>> queue(std::greater<Event>(), std::move(room));
  for (long i = 0; i < pending; i++) queue.push({draws.exponential(1e6), 0, static_cast<uint32_t>(i)});
  double now = 0;
  Stopwatch stopwatch;
  for (long i = 0; i < steps; i++) {
    Event event = queue.top();
    queue.pop();
    now = event.time;
    event.time = now + draws.exponential(1e6);
    queue.push(event);
  }
  report(steps, stopwatch.seconds(), now);
}
