# seaworthy_module(<name> [SMALL] SOURCES <file>… [DEPS <module>…] [LIBRARIES <target>…] [PRIVATE_LIBRARIES <target>…])
# makes the static library seaworthy_<name> from src/<name>/, with its public headers in include/seaworthy/<name>/.
# SMALL: hardly anything of it runs for a request, so a release does without what makes code longer and a little faster. Not
# -Os: of inline functions the linker keeps the copy that it meets first, also for modules that should be fast. DEPS are
# modules, and must be what the row of ARCHITECTURE.md's table lists (tests/layers checks it).
function(seaworthy_module name)
  cmake_parse_arguments(PARSE_ARGV 1 MODULE "SMALL" "" "SOURCES;DEPS;LIBRARIES;PRIVATE_LIBRARIES")
  set(target seaworthy_${name})
  add_library(${target} STATIC ${MODULE_SOURCES})
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/include PRIVATE ${PROJECT_SOURCE_DIR}/src)
  if(MODULE_SMALL)
    target_compile_options(${target} PRIVATE "$<$<CONFIG:Release>:-falign-functions=1;-falign-jumps=1;-falign-loops=1;-fno-tree-vectorize;-fno-ipa-cp-clone;--param=max-inline-insns-single=30>")
  endif()
  foreach(dep ${MODULE_DEPS})
    target_link_libraries(${target} PUBLIC seaworthy_${dep})
  endforeach()
  target_link_libraries(${target} PUBLIC ${MODULE_LIBRARIES} PRIVATE ${MODULE_PRIVATE_LIBRARIES} seaworthy_warnings)
endfunction()

# seaworthy_test(<module> SOURCES <file>… [LIBRARIES <target>…]) makes <module>_test from tests/<module>/ and lists each
# of its cases with ctest.
include(GoogleTest)
function(seaworthy_test module)
  cmake_parse_arguments(PARSE_ARGV 1 TEST "" "" "SOURCES;LIBRARIES")
  set(target ${module}_test)
  add_executable(${target} ${TEST_SOURCES})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${target} PRIVATE SEAWORTHY_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${target} PRIVATE seaworthy_${module} ${TEST_LIBRARIES} GTest::gmock_main seaworthy_warnings)
  gtest_discover_tests(${target} TEST_PREFIX "${module}." DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 120)
endfunction()
