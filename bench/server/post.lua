-- wrk sends the review in REVIEW again and again and looks at each reply: what is no verdict on this review is counted.
-- With PODS=siblings or PODS=strangers, COUNT reviews in turn: of Pods of one workload, which differ in
-- names, ids and times, or of Pods that have less in common than keys and images.
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

-- As the Pods of a ReplicaSet come: the uid is the Pod's, that of the request is looked for in the reply.
function siblings(body, number)
  return (body:gsub('"name":"api","namespace"', '"name":"api-' .. number .. '","namespace"')
              :gsub('("metadata":{[^{]-"uid":")%x%x%x%x%x', "%1" .. number)
              :gsub('(Timestamp":"%d+%-%d+%-%d+T)%d%d:%d%d', "%1" .. number:sub(2, 3) .. ":" .. number:sub(4, 5))
              :gsub('("time":"%d+%-%d+%-%d+T)%d%d:%d%d', "%1" .. number:sub(2, 3) .. ":" .. number:sub(4, 5)))
end

function strangers(body, number)
  return (siblings(body, number):gsub('"labels":{"app"', '"labels":{"a' .. number .. '"')
              :gsub(":(%d+)%.%d+%.%d+@sha256:", ":%1." .. number .. "@sha256:"))
end

function init(args)
  wrong = 0
  local make = _G[os.getenv("PODS") or "same"]
  if make then
    local requests, at, count = {}, 0, tonumber(os.getenv("COUNT"))
    for i = 1, count do
      requests[i] = wrk.format(nil, nil, nil, make(wrk.body, string.format("%05d", i)))
    end
    assert(#requests[1] == #wrk.format(nil, nil, nil, make(wrk.body, "00000")))
    assert(requests[1] ~= requests[2], "the review has nothing to change")
    request = function()
      at = at % count + 1
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
