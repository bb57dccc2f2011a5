//! The Lua scripts that run on a server. A server runs one script at a time, so each is one atomic step. All keys of a
//! script share a hash tag, so a cluster keeps them on one node.

/// Reads the records of one token.
///
/// KEYS: token, family, subject, and the token set if the layout has one. ARGV: the prefix of family keys, the text of the
/// token.
pub(super) const READ: &str = "
local token = redis.call('GET', KEYS[1])
local family = KEYS[2]
if token then
  local ok, record = pcall(cjson.decode, token)
  if ok and type(record) == 'table' and type(record.family) == 'string' then
    family = ARGV[1] .. record.family
  end
end
local exists, is_member = 0, 0
if KEYS[4] then
  exists = redis.call('EXISTS', KEYS[4])
  is_member = redis.call('SISMEMBER', KEYS[4], ARGV[2])
end
return {token, redis.call('GET', family), redis.call('GET', KEYS[3]), exists, is_member}
";

/// Writes records, provided that the token, family and subject are still as they were read. Returns 1, or 0 if not.
///
/// KEYS: token, family, subject, the token set (or any key if there is none), then the records to write. ARGV: the three
/// records as they were read; the change to the set, the text of the token, the lifetime of the set, the marker; then for
/// each record its text and its lifetime. A lifetime is in milliseconds, or empty for a key that never expires. No key
/// gets a shorter lifetime than it has.
pub(super) const WRITE: &str = "
for i = 1, 3 do
  if (redis.call('GET', KEYS[i]) or '') ~= ARGV[i] then return 0 end
end
local function keep(key, before, ttl)
  if ttl == '' or before == -1 then
    redis.call('PERSIST', key)
  else
    redis.call('PEXPIRE', key, math.max(before, tonumber(ttl)))
  end
end
for i = 5, #KEYS do
  local text, ttl = ARGV[2 * i - 2], ARGV[2 * i - 1]
  local before = redis.call('PTTL', KEYS[i])
  redis.call('SET', KEYS[i], text)
  keep(KEYS[i], before, ttl)
end
local set, change, member, marker = KEYS[4], ARGV[4], ARGV[5], ARGV[7]
if change == 'remove' and redis.call('EXISTS', set) == 0 then
  change = ''
end
if change ~= '' then
  local before = redis.call('PTTL', set)
  if change == 'add' then
    redis.call('SADD', set, member)
  else
    redis.call('SADD', set, marker)
    for _, one in ipairs(redis.call('SMEMBERS', set)) do
      if one ~= marker and (change == 'clear' or one:sub(1, #member) == member) then
        redis.call('SREM', set, one)
      end
    end
  end
  keep(set, before, ARGV[6])
end
return 1
";
