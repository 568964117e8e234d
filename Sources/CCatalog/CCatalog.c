#include "include/CCatalog.h"
