-- A role, a region and fourteen days at random: the total and 25 people. Written before the load, as in record.lua.
local data = dofile(os.getenv("BENCH_DATA"))
local regions = { "jonkoping", "kronoberg", "kalmar", "blekinge", "skane", "halland" }
math.randomseed(42)
local requests, next_one = {}, 0
function init()
    for i = 1, 20000 do
        requests[i] = wrk.format("GET", "/api/v1/crew?limit=25&role=" .. data.roles[math.random(#data.roles)]
            .. "&region=" .. regions[math.random(#regions)] .. "&dates=" .. data.periods[math.random(#data.periods)])
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
