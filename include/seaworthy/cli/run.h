#pragma once

namespace seaworthy::cli {

/// The program: reads the arguments, runs the command, answers its exit code.
int run(int argc, char** argv);

}  // namespace seaworthy::cli
