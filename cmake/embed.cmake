# seaworthy_embed(<target> <name> <file>…) compiles the files' bytes into the target and gives it the header
# "embedded/<name>.h" with `std::span<const seaworthy::EmbeddedFile> seaworthy::embedded::<name>()`.
function(seaworthy_embed target name)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/embedded)
  set(output ${folder}/${name}.cc)
  set(files)
  foreach(file ${ARGN})
    list(APPEND files ${PROJECT_SOURCE_DIR}/${file})
  endforeach()
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DNAME=${name} -DOUTPUT=${output} -DROOT=${PROJECT_SOURCE_DIR} "-DFILES=${ARGN}" -P
            ${PROJECT_SOURCE_DIR}/cmake/write_embedded.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/write_embedded.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
