-- wrk sends the review in REVIEW again and again and looks at each reply: what is no verdict on this review is counted.
-- With DIFFERENT, that many reviews in turn, of Pods whose images have another tag each.
local file = assert(io.open(os.getenv("REVIEW"), "rb"))
wrk.method = "POST"
wrk.body = file:read("*a")
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Accept"] = "application/json, */*"
wrk.headers["User-Agent"] = "kube-apiserver-admission"
file:close()

local uid = assert(wrk.body:match('"uid":"([^"]+)"'), "the review has no uid")
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  wrong = 0
  local different = tonumber(os.getenv("DIFFERENT") or "0")
  if different > 0 then
    local requests, at = {}, 0
    for i = 1, different do
      requests[i] = wrk.format(nil, nil, nil, (wrk.body:gsub(":(%d+%.%d+)%.%d+@sha256:", ":%1." .. i .. "@sha256:")))
    end
    assert(requests[1] ~= requests[2], "the review's images have no tags to change")
    request = function()
      at = at % different + 1
      return requests[at]
    end
  end
  expected = '"uid":"' .. uid .. '"'
  verdict = '"allowed":' .. os.getenv("ALLOWED")
end

function response(status, headers, body)
  if status ~= 200 or not body:find(expected, 1, true) or not body:find(verdict, 1, true) then
    wrong = wrong + 1
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  local bad = errors.connect + errors.read + errors.write + errors.timeout
  for _, thread in ipairs(threads) do
    bad = bad + thread:get("wrong")
  end
  io.stderr:write(string.format('{"requests": %d, "microseconds": %d, "wrong": %d, "p50": %d, "p99": %d}\n',
    summary.requests, summary.duration, bad, latency:percentile(50), latency:percentile(99)))
end
