#pragma once

#include "CZstdFrames.h"
#include "CZstdStream.h"
