# Writes OUTPUT, a source file that holds the zone files below FOLDER: one blob and an index of names, sorted by byte.
# Called by seaworthy_embed_zones.
file(GLOB_RECURSE names RELATIVE ${FOLDER} ${FOLDER}/*)
list(SORT names COMPARE STRING)
set(blob "")
set(index "")
set(offset 0)
foreach(name ${names})
  file(READ ${FOLDER}/${name} bytes HEX)
  string(SHA256 key "${bytes}")
  if(NOT DEFINED start_${key})
    set(start_${key} ${offset})
    string(LENGTH "${bytes}" length_${key})
    math(EXPR length_${key} "${length_${key}} / 2")
    math(EXPR offset "${offset} + ${length_${key}}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" bytes "${bytes}")
    string(APPEND blob "    \"${bytes}\"\n")
  endif()
  string(APPEND index "    {\"${name}\", ${start_${key}}, ${length_${key}}},\n")
endforeach()
file(WRITE ${OUTPUT}
     "// Made by cmake/write_zones.cmake.\n#include \"cel/lib/zone_data.h\"\n\nnamespace seaworthy::cel::zone_data {\nnamespace {\n\n"
     "constexpr char kBytes[] =\n${blob};\n\nconstexpr Entry kEntries[] = {\n${index}};\n\n}  // namespace\n\n"
     "std::span<const Entry> entries() { return kEntries; }\n\nstd::string_view bytes() { return {kBytes, sizeof(kBytes) - 1}; }\n\n"
     "}  // namespace seaworthy::cel::zone_data\n")
