# seaworthy_embed_zones(<target>) compiles the IANA time zones of the build machine (Debian: tzdata, and zic of libc-bin)
# into the target, as src/cel/lib/zone_data.h describes. zic makes the files anew in their slim form, which is a third of
# the installed one; names that are links share their bytes.
function(seaworthy_embed_zones target)
  find_file(SEAWORTHY_TZDATA tzdata.zi PATHS /usr/share/zoneinfo NO_DEFAULT_PATH)
  find_program(SEAWORTHY_ZIC zic PATHS /usr/sbin)
  if(NOT SEAWORTHY_TZDATA OR NOT SEAWORTHY_ZIC)
    message(FATAL_ERROR "no time zones to embed: install the Debian packages tzdata and libc-bin (scripts/deps)")
  endif()
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/zones)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/zone_data.cc)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${folder}
    COMMAND ${SEAWORTHY_ZIC} -b slim -d ${folder} ${SEAWORTHY_TZDATA}
    COMMAND ${CMAKE_COMMAND} -DFOLDER=${folder} -DOUTPUT=${output} -P ${PROJECT_SOURCE_DIR}/cmake/write_zones.cmake
    DEPENDS ${SEAWORTHY_TZDATA} ${PROJECT_SOURCE_DIR}/cmake/write_zones.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
