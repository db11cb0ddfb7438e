-- Places with three-phase power and wifi in a box of 0.6 by 0.3 degrees at random: the total and 25 of them.
math.randomseed(42)
local requests, next_one = {}, 0
function init()
    for i = 1, 20000 do
        local west, south = math.random(12600, 15600) / 1000, math.random(55400, 57600) / 1000
        requests[i] = wrk.format("GET", string.format("/api/v1/locations?limit=25&feature=power_phases-3,wifi&bbox=%.3f,%.3f,%.3f,%.3f",
            west, south, west + 0.6, south + 0.3))
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
