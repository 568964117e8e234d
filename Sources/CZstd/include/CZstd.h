#pragma once

#include "CZstdFrames.h"
