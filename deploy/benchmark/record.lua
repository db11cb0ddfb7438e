-- Random records by slug.
local data = dofile(os.getenv("BENCH_DATA"))
math.randomseed(42)
function request()
    return wrk.format("GET", "/api/v1/crew/bench-" .. math.random(data.people))
end
function done(summary, latency)
    local errors = summary.errors
    print(string.format("bench: %d %.1f %d", summary.requests / summary.duration * 1e6, latency:percentile(95) / 1000,
        errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
