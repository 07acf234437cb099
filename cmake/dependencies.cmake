# Debian's packages, each behind one target. `make deps` installs them.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Boost 1.81 REQUIRED)
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
