-- Random records by slug. The requests are written before the load begins, so that the client takes little time.
local data = dofile(os.getenv("BENCH_DATA"))
math.randomseed(42)
local requests, next_one = {}, 0
function init()
    for i = 1, 50000 do
        requests[i] = wrk.format("GET", "/api/v1/crew/bench-" .. math.random(data.people))
    end
end
function request()
    next_one = next_one % #requests + 1
    return requests[next_one]
end
function done(summary, latency)
    local errors = summary.errors
    print(string.format("bench: %d %.1f %d", summary.requests / summary.duration * 1e6, latency:percentile(95) / 1000,
        errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
