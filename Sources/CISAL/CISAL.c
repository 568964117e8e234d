#include "include/CISAL.h"
