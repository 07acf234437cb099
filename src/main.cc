#include "seaworthy/cli/run.h"

int main(int argc, char** argv) { return seaworthy::cli::run(argc, argv); }
