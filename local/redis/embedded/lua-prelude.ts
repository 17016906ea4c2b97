/**
 * What a script finds in its world: `redis`, `cjson`, `KEYS`, `ARGV` and the names of Lua 5.1 that 5.4 has moved.
 *
 * Known differences from Redis' Lua 5.1: concatenating a float keeps its ".0" (`"" .. 4 / 2` is "2.0"; `tostring` is right),
 * and there are no coroutines and no `bit`, `struct` or `cmsgpack`.
 */
export const LUA_PRELUDE = String.raw`
local host, host_sha1 = __host, __sha1
local byte, find, sub, format, concat, char = string.byte, string.find, string.sub, string.format, table.concat, string.char
local floor, ceil, math_type, load, type, error, pcall, pairs = math.floor, math.ceil, math.type, load, type, error, pcall, pairs
local rawset, rawget, tonumber, native_tostring, line_of = rawset, rawget, tonumber, tostring, debug.getinfo
local MAX_DEPTH = 128

unpack = table.unpack
loadstring = load
math.pow = function(a, b) return a ^ b end
table.getn = function(t) return #t end
tostring = function(v)
  if math_type(v) == "float" then return format("%.14g", v) end
  return native_tostring(v)
end

local function decode(s, i)
  local e = find(s, "\r\n", i, true)
  local kind, line = byte(s, i), sub(s, i + 1, e - 1)
  if kind == 58 then return tonumber(line), e + 2 end
  if kind == 43 then return { ok = line }, e + 2 end
  if kind == 45 then return { err = line }, e + 2 end
  local n = tonumber(line)
  if n < 0 then return false, e + 2 end
  if kind == 36 then return sub(s, e + 2, e + 1 + n), e + 4 + n end
  local list, at = {}, e + 2
  for k = 1, n do list[k], at = decode(s, at) end
  return list, at
end

local function one_line(text) return (text:gsub("[\r\n]", " ")) end

local function encode(v, out, depth)
  local t = type(v)
  if t == "string" then
    out[#out + 1] = "$" .. #v .. "\r\n" .. v .. "\r\n"
  elseif t == "number" then
    if v ~= v or v == math.huge or v == -math.huge then v = 0 end
    out[#out + 1] = ":" .. format("%.0f", v < 0 and ceil(v) or floor(v)) .. "\r\n"
  elseif v == true then
    out[#out + 1] = ":1\r\n"
  elseif t == "table" then
    if type(rawget(v, "err")) == "string" then out[#out + 1] = "-" .. one_line(v.err) .. "\r\n" return end
    if type(rawget(v, "ok")) == "string" then out[#out + 1] = "+" .. one_line(v.ok) .. "\r\n" return end
    if depth > MAX_DEPTH then error("reached lua stack limit", 0) end
    local n = 0
    while v[n + 1] ~= nil do n = n + 1 end
    out[#out + 1] = "*" .. n .. "\r\n"
    for k = 1, n do encode(v[k], out, depth + 1) end
  else
    out[#out + 1] = "$-1\r\n"
  end
end

local function request(...)
  local n = select("#", ...)
  if n == 0 then return { err = "ERR Please specify at least one argument for this redis.call()" } end
  local out = {}
  for k = 1, n do
    local v = select(k, ...)
    if type(v) == "number" then v = format("%.17g", v)
    elseif type(v) ~= "string" then return { err = "ERR Lua redis lib command arguments must be strings or integers" } end
    out[k] = "$" .. #v .. "\r\n" .. v .. "\r\n"
  end
  return (decode(host("*" .. n .. "\r\n" .. concat(out)), 1))
end

redis = {
  LOG_DEBUG = 0, LOG_VERBOSE = 1, LOG_NOTICE = 2, LOG_WARNING = 3,
  pcall = request,
  call = function(...)
    local reply = request(...)
    if type(reply) == "table" and reply.err then
      local info = line_of(2, "l")
      error({ err = reply.err, line = info and info.currentline }, 0)
    end
    return reply
  end,
  error_reply = function(text)
    if sub(text, 1, 1) == "-" then return { err = sub(text, 2) } end
    return { err = find(text, " ", 1, true) and text or "ERR " .. text }
  end,
  status_reply = function(text) return { ok = text } end,
  sha1hex = function(text) return host_sha1(native_tostring(text)) end,
  log = function() end,
  replicate_commands = function() return true end,
  set_repl = function() end,
  setresp = function() end,
}

-- cjson: enough of it for plain data. null is a value of its own, so that it survives in tables.
local null = setmetatable({}, { __tostring = function() return "userdata: NULL" end })
local escapes = { ['"'] = '\\"', ["\\"] = "\\\\", ["/"] = "\\/", ["\b"] = "\\b", ["\f"] = "\\f", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }
local function quote(text)
  return '"' .. text:gsub('[%c"\\/\127]', function(c) return escapes[c] or format("\\u%04x", byte(c)) end) .. '"'
end
local function to_json(v, depth)
  local t = type(v)
  if v == null or v == nil then return "null" end
  if t == "string" then return quote(v) end
  if t == "number" then return format("%.14g", v) end
  if t == "boolean" then return native_tostring(v) end
  if t ~= "table" then error("Cannot serialise " .. t .. ": type not supported", 0) end
  if depth > MAX_DEPTH then error("Cannot serialise, excessive depth", 0) end
  local parts, count = {}, 0
  for _ in pairs(v) do count = count + 1 end
  if count > 0 and count == #v then
    for k = 1, count do parts[k] = to_json(v[k], depth + 1) end
    return "[" .. concat(parts, ",") .. "]"
  end
  for k, item in pairs(v) do parts[#parts + 1] = quote(tostring(k)) .. ":" .. to_json(item, depth + 1) end
  return "{" .. concat(parts, ",") .. "}"
end

local function from_json(s)
  local at = 1
  local function skip() at = find(s, "[^ \t\r\n]", at) or #s + 1 end
  local function fail() error("Expected value but found invalid token at character " .. at, 0) end
  local function text()
    local out, unescaped = {}, { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }
    at = at + 1
    while true do
      local stop = find(s, '["\\]', at)
      if not stop then fail() end
      out[#out + 1] = sub(s, at, stop - 1)
      if byte(s, stop) == 34 then at = stop + 1 return concat(out) end
      local c = sub(s, stop + 1, stop + 1)
      if c == "u" then
        local high, low = tonumber(sub(s, stop + 2, stop + 5), 16), tonumber(sub(s, stop + 8, stop + 11), 16)
        if not high then fail() end
        if high >= 0xd800 and high < 0xdc00 and low and sub(s, stop + 6, stop + 7) == "\\u" then
          out[#out + 1] = utf8.char(0x10000 + (high - 0xd800) * 0x400 + (low - 0xdc00))
          at = stop + 12
        else
          out[#out + 1] = utf8.char(high)
          at = stop + 6
        end
      else
        out[#out + 1] = unescaped[c] or c
        at = stop + 2
      end
    end
  end
  local function value(depth)
    if depth > MAX_DEPTH then error("Found too many nested data structures", 0) end
    skip()
    local c = sub(s, at, at)
    if c == '"' then return text() end
    if c == "{" or c == "[" then
      local closing, list, n = c == "{" and "}" or "]", {}, 0
      at = at + 1
      skip()
      if sub(s, at, at) == closing then at = at + 1 return list end
      while true do
        n = n + 1
        local key = n
        skip()
        if c == "{" then
          if sub(s, at, at) ~= '"' then fail() end
          key = text()
          skip()
          if sub(s, at, at) ~= ":" then fail() end
          at = at + 1
        end
        list[key] = value(depth + 1)
        skip()
        local after = sub(s, at, at)
        at = at + 1
        if after == closing then return list end
        if after ~= "," then fail() end
      end
    end
    for word, meaning in pairs({ ["true"] = true, ["false"] = false, ["null"] = null }) do
      if sub(s, at, at + #word - 1) == word then at = at + #word return meaning end
    end
    local digits = s:match("^-?%d+%.?%d*[eE]?[+-]?%d*", at)
    local number = digits and tonumber(digits)
    if not number then fail() end
    at = at + #digits
    return number
  end
  local result = value(1)
  skip()
  if at <= #s then fail() end
  return result
end
cjson = { null = null, encode = function(v) return to_json(v, 1) end, decode = from_json }

for _, name in pairs({ "io", "require", "package", "dofile", "loadfile", "debug", "coroutine", "print", "collectgarbage", "__host", "__sha1" }) do
  _G[name] = nil
end
os = { clock = os.clock }

KEYS, ARGV = {}, {}
setmetatable(_G, {
  __index = function(_, name) error("Script attempted to access nonexistent global variable '" .. tostring(name) .. "'", 2) end,
  __newindex = function() error("Attempt to modify a readonly table", 2) end,
  __metatable = false,
})

local compiled = {}

-- input: an array of sha, source, forget ("1" to drop what was compiled before), number of keys, then keys and arguments
return function(input)
  local parts = decode(input, 1)
  local sha, source, key_count = parts[1], parts[2], tonumber(parts[4])
  if parts[3] == "1" then compiled = {} end
  local out = {}
  local script = compiled[sha]
  if not script then
    local problem
    script, problem = load(source, "@user_script", "t")
    if not script then return "-" .. one_line("ERR Error compiling script (new function): " .. problem) .. "\r\n" end
    compiled[sha] = script
  end
  if key_count < 0 then return "+OK\r\n" end
  local keys, argv = {}, {}
  for k = 5, #parts do
    if k - 4 <= key_count then keys[k - 4] = parts[k] else argv[k - 4 - key_count] = parts[k] end
  end
  rawset(_G, "KEYS", keys)
  rawset(_G, "ARGV", argv)
  local ran, result = pcall(script)
  if ran then ran, result = pcall(function() encode(result, out, 1) return concat(out) end) end
  if ran then return result end
  local text, line = result, nil
  if type(result) == "table" then text, line = native_tostring(result.err), result.line end
  if type(text) ~= "string" then text = native_tostring(text) end
  if type(result) ~= "table" then
    line = text:match("^user_script:(%d+):")
    text = "ERR " .. text
  end
  if line then text = text .. " script: " .. sha .. ", on @user_script:" .. line .. "." end
  return "-" .. one_line(text) .. "\r\n"
end
`;
