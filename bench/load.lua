-- What wrk sends. LOAD says which load, BODY and TOKEN what it carries, FROM the number of the first booking.
local load = os.getenv("LOAD")
local token = os.getenv("TOKEN")
local number = tonumber(os.getenv("FROM") or "0")
local base = tonumber(os.getenv("BASE") or "0")
local of = nil

bad = 0
last = number

if load ~= "page" then
  wrk.method = "POST"
  wrk.headers["content-type"] = "application/json"
  wrk.body = os.getenv("BODY")
end
if token then wrk.headers["authorization"] = "Bearer " .. token end

if load == "book" then
  local before, after = wrk.body:match("^(.*)NUMBER(.*)$")
  local front, middle = before:match("^(.*)START(.*)$")
  request = function()
    number = number + 1
    -- The last five minutes of a day are closed.
    if number % 288 == 287 then number = number + 1 end
    last = number
    local start = os.date("!%Y-%m-%dT%H:%M:%SZ", base + number * 300)
    return wrk.format(nil, nil, nil, front .. start .. middle .. number .. after)
  end
end

response = function(status, _, body)
  if status ~= 200 or body:find('"errors"', 1, true) or (load == "book" and not body:find('"userErrors":[]', 1, true)) then
    if bad == 0 then io.stderr:write(status .. " " .. body:sub(1, 400) .. "\n") end
    bad = bad + 1
  end
end
-- Looking at every answer takes time that is not the server's; only bookings are looked at one by one.
if load ~= "book" then response = nil end

setup = function(thread) of = thread end

done = function(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout + (of:get("bad") or 0)
  io.write(string.format(
    'RESULT {"perSecond":%.1f,"p50":%.3f,"p99":%.3f,"bad":%d,"last":%d}\n',
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    failed, of:get("last") or 0
  ))
end
