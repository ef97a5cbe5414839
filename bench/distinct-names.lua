-- For wrk: asks for another name at each request. The argument is a path with a place for a number: /static/%012x.css
local path
local count = 0

function init(args)
  path = args[1]
end

function request()
  count = count + 1
  return wrk.format("GET", string.format(path, count))
end
