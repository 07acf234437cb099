# Debian's packages, each behind one target. `make deps` installs them.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Boost 1.81 REQUIRED)
option(SEAWORTHY_STATIC "Link the archives of OpenSSL, RE2 and Abseil: what the image holds is smaller so" OFF)
set(OPENSSL_USE_STATIC_LIBS ${SEAWORTHY_STATIC})
unset(OPENSSL_SSL_LIBRARY CACHE)  # of a configuration with the other choice
unset(OPENSSL_CRYPTO_LIBRARY CACHE)
find_package(OpenSSL 3 REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(simdjson REQUIRED)
find_package(absl REQUIRED)
find_package(CLI11 REQUIRED)
find_package(prometheus-cpp REQUIRED COMPONENTS core)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)

# Debian's yaml-cpp package config names the shared library; the image links the archive.
find_package(yaml-cpp REQUIRED)
find_library(YAML_CPP_ARCHIVE NAMES libyaml-cpp.a REQUIRED)
add_library(seaworthy_yaml_cpp INTERFACE)
target_link_libraries(seaworthy_yaml_cpp INTERFACE ${YAML_CPP_ARCHIVE})

# What of RE2 and Abseil is used, as archives or as shared libraries. Debian's packages describe the latter only; the
# archives are named in the order that the linker needs.
add_library(seaworthy_re2 INTERFACE)
add_library(seaworthy_absl_time INTERFACE)
if(SEAWORTHY_STATIC)
  find_library(RE2_ARCHIVE NAMES libre2.a REQUIRED)
  target_link_libraries(seaworthy_re2 INTERFACE ${RE2_ARCHIVE} Threads::Threads)
  foreach(name time civil_time time_zone strings strings_internal int128 base spinlock_wait throw_delegate raw_logging_internal log_severity)
    find_library(ABSL_${name}_ARCHIVE NAMES libabsl_${name}.a REQUIRED)
    target_link_libraries(seaworthy_absl_time INTERFACE ${ABSL_${name}_ARCHIVE})
  endforeach()
else()
  target_link_libraries(seaworthy_re2 INTERFACE PkgConfig::RE2)
  target_link_libraries(seaworthy_absl_time INTERFACE absl::time)
endif()
